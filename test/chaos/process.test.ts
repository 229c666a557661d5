/** The server as a process whose client, terminal or NAS goes away while calls are under way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fault, type Simulator, startSimulator } from 'truenas-simulator';
import { ensureBuilt } from '../support/built.ts';
import { type Era, ERAS } from '../support/eras.ts';
import { callOverHttp } from '../support/http-call.ts';
import { contentText, type McpLine, mcpLine } from '../support/mcp-line.ts';
import { type CliProcess, serverEnv, startCli } from '../support/processes.ts';
import { READ, READ_METHOD, until } from './harness.ts';

interface Served {
  readonly simulator: Simulator;
  readonly child: CliProcess;
  readonly line: McpLine;
}

const served: Served[] = [];

beforeAll(ensureBuilt);
afterAll(async () => {
  for (const { simulator, child } of served) {
    child.process.kill('SIGKILL');
    await child.ended;
    await simulator.close();
  }
});

async function start(era?: Era, args: string[] = []): Promise<Served> {
  const simulator = await startSimulator({ delayScale: 0.01 });
  const child = startCli(args, serverEnv({ ...simulator, caFile: '' }, { TRUENAS_LOG_LEVEL: 'info' }));
  const line = mcpLine(child, era);
  const each = { simulator, child, line };
  served.push(each);
  if (!args.includes('--http')) await line.initialize();
  return each;
}

/** A call that the NAS has received and, with this fault, not answered. */
async function callUnder({ simulator, line }: Served, fault: Fault): Promise<number> {
  simulator.control.next(READ_METHOD, fault);
  const id = line.send('tools/call', { name: READ, arguments: {} });
  await until(() => simulator.calls().some((call) => call.method === READ_METHOD), 'the call is at the NAS');
  return id;
}

const isWindows = process.platform === 'win32';

// Each test has a server and a NAS of its own and mostly waits for their end: they wait together.
describe.concurrent.each(ERAS)('over stdio, %s', (_revision, era) => {
  describe.skipIf(isWindows).each(['SIGTERM', 'SIGINT'] as const)('%s with a call under way', (signal) => {
    it('the call is answered, and the server ends', async () => {
      const program = await start(era);
      const id = await callUnder(program, { kind: 'slow-answer', ms: 200 });
      program.child.process.kill(signal);
      expect(contentText((await program.line.reply(id)).result)).toContain('cifs');
      expect(await program.child.ended).toBe(0);
      expect(program.line.strayLines()).toEqual([]);
    });

    it('a call that does not end in time is answered with what became of it', async () => {
      const program = await start(era);
      const id = await callUnder(program, { kind: 'silence' });
      program.child.process.kill(signal);
      const { result } = await program.line.reply(id);
      expect(result?.isError).toBe(true);
      expect(contentText(result)).toMatch(/program is ending/);
      expect(await program.child.ended).toBe(0);
      expect(program.line.strayLines()).toEqual([]);
    });
  });

  describe('the client closes its end', () => {
    it('with a call under way: it is still answered', async () => {
      const program = await start(era);
      const id = await callUnder(program, { kind: 'slow-answer', ms: 200 });
      program.child.process.stdin.end();
      expect(contentText((await program.line.reply(id)).result)).toContain('cifs');
      expect(await program.child.ended).toBe(0);
    });

    it('with a call that never ends: it is told, and the server ends', async () => {
      const program = await start(era);
      const id = await callUnder(program, { kind: 'silence' });
      program.child.process.stdin.end();
      expect((await program.line.reply(id)).result?.isError).toBe(true);
      expect(await program.child.ended).toBe(0);
      await until(() => program.simulator.control.connectionCount() === 0, 'the NAS is left');
    });

    it('while the NAS cannot be reached: the server ends all the same', async () => {
      const program = await start(era);
      await program.line.request('tools/call', { name: READ, arguments: {} });
      await program.simulator.control.refuse();
      program.line.send('tools/call', { name: READ, arguments: {} });
      program.child.process.stdin.end();
      expect(await program.child.ended).toBe(0);
    });
  });

  describe('the client dies', () => {
    it('with a call under way: the answer finds nobody, and the server ends quietly', async () => {
      const program = await start(era);
      await callUnder(program, { kind: 'slow-answer', ms: 100 });
      program.child.process.stdout.destroy();
      program.child.process.stdin.destroy();
      expect(await program.child.ended).toBe(0);
      expect(program.child.stderr()).not.toMatch(/EPIPE|failed|internal error| error /);
      await until(() => program.simulator.control.connectionCount() === 0, 'the NAS is left');
    });

    it('without reading its answers any more: the server still ends when its input does', async () => {
      const program = await start(era);
      program.child.process.stdout.pause();
      for (let call = 0; call < 300; call += 1) program.line.send('tools/list');
      await sleep(100);
      program.child.process.stdin.end();
      await until(
        () => program.child.process.exitCode !== null || program.child.process.signalCode !== null,
        'the server ends',
      );
      expect(program.child.process.exitCode).toBe(0);
      program.child.process.stdout.resume();
    });
  });
});

describe.concurrent.each(ERAS)('over HTTP, %s', (revision, era) => {
  async function startHttp(): Promise<Served & { post(signal?: AbortSignal): Promise<string> }> {
    const program = await start(undefined, ['--http', '0']);
    const shown = () => /listening at (\S+)\nAuthorization: Bearer (\S+)/.exec(program.child.stderr());
    await until(() => shown() !== null, 'the server listens');
    const [, url = '', token = ''] = shown() ?? [];
    const post = async (signal?: AbortSignal) =>
      (await callOverHttp({ url, token }, [revision, era], READ, signal)).text();
    return { ...program, post };
  }

  it('a client that hangs up in the middle of a call disturbs nobody', async () => {
    const program = await startHttp();
    expect(await program.post()).toContain('cifs');
    program.simulator.control.next(READ_METHOD, { kind: 'slow-answer', ms: 100 });
    const abort = new AbortController();
    const call = program.post(abort.signal).catch(() => 'hung up');
    await until(
      () => program.simulator.calls().filter((each) => each.method === READ_METHOD).length === 2,
      'the call is at the NAS',
    );
    abort.abort();
    expect(await call).toBe('hung up');
    expect(await program.post()).toContain('cifs');
    expect(program.simulator.calls().filter((each) => each.method === READ_METHOD)).toHaveLength(3);
    expect(program.child.stderr()).not.toMatch(/internal error| error /);
  });

  it.skipIf(isWindows)('SIGTERM lets a call under way be answered', async () => {
    const program = await startHttp();
    program.simulator.control.next(READ_METHOD, { kind: 'slow-answer', ms: 200 });
    const call = program.post();
    await until(
      () => program.simulator.calls().some((each) => each.method === READ_METHOD),
      'the call is at the NAS',
    );
    program.child.process.kill('SIGTERM');
    expect(await call).toContain('cifs');
    expect(await program.child.ended).toBe(0);
  });

  it.skipIf(isWindows)('SIGTERM tells of a call that does not end in time what became of it', async () => {
    const program = await startHttp();
    program.simulator.control.next(READ_METHOD, { kind: 'silence' });
    const call = program.post();
    await until(
      () => program.simulator.calls().some((each) => each.method === READ_METHOD),
      'the call is at the NAS',
    );
    program.child.process.kill('SIGTERM');
    expect(await call).toMatch(/program is ending/);
    expect(await program.child.ended).toBe(0);
  });
});
