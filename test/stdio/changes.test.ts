/** Changes in the built program, on its demo: offered from access `operate` on, applied, listed and taken back. */
import { beforeAll, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { contentText, type McpLine, mcpLine } from '../support/mcp-line.ts';
import { bareEnv, startCli } from '../support/processes.ts';

beforeAll(() => ensureBuilt());

async function demo(access: string, work: (line: McpLine) => Promise<void>): Promise<void> {
  const child = startCli(['--demo'], { ...bareEnv(), TRUENAS_ACCESS: access });
  try {
    const line = mcpLine(child);
    await line.initialize();
    await work(line);
  } finally {
    child.process.stdin.end();
    await child.ended;
  }
}

it('a reversible change is applied, listed and undone', async () => {
  await demo('operate', async (line) => {
    const call = async (name: string, args: object) => {
      const { result } = await line.request('tools/call', { name, arguments: args });
      return { text: contentText(result), data: Object(result?.['structuredContent']) };
    };
    const done = await call('create_snapshot', { dataset: 'tank/media', name: 'before-cleanup' });
    expect(done.text).toContain('DONE, and seen on the NAS afterwards');
    expect((await call('list_changes', {})).text).toContain(`undo_change {"change":"${done.data.plan}"}`);
    const undo = await call('undo_change', { change: done.data.plan });
    const undone = await call('apply_change', { plan: undo.data.plan, summary: undo.data.summary });
    expect(undone.text).toContain('DONE, and seen on the NAS afterwards');
  });
});

it('at access read no tool changes anything', async () => {
  await demo('read', async (line) => {
    const { error } = await line.request('tools/call', {
      name: 'create_snapshot',
      arguments: { dataset: 'tank/media', name: 'x' },
    });
    expect(String(error?.['message'])).toContain('create_snapshot not found');
  });
});

it.skipIf(process.platform === 'win32')(
  'the debugger stays shut: SIGUSR1 of another process of the same user opens nothing',
  async () => {
    const child = startCli(['--demo'], { ...bareEnv(), TRUENAS_ACCESS: 'operate' });
    const line = mcpLine(child);
    await line.initialize();
    child.process.kill('SIGUSR1');
    const { result } = await line.request('tools/call', { name: 'list_changes', arguments: {} });
    expect(contentText(result)).toContain('No changes');
    child.process.stdin.end();
    expect(await child.ended).toBe(0);
    expect(child.stderr()).not.toContain('Debugger');
  },
);
