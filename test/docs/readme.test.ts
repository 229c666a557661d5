import { spawn } from 'node:child_process';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { manifest, page, snippets } from './pages.ts';

/** Every block of the README that is not generated, and how it is tried. */
const TRIED: Readonly<Record<string, string>> = {
  'npm ci && npm run demo': 'below: the script, and the demo to its end',
  'npm ci && npm run build\nnode dist/cli.js setup': 'npm run first-minutes, which .ci/run runs',
  'npm ci && npm test': 'below: the script; this very run is its last part',
  'npm pack && npm install --global ./truenas-mcp-server-2.0.0.tgz':
    'test/packages: the packed file, installed so',
  'node dist/cli.js serve --demo': 'below',
  'node dist/cli.js simulate --release 25.10 --role READONLY_ADMIN --json': 'below',
};

const readme = page('README.md');
const generated = /<!-- begin clients -->([\s\S]*)<!-- end clients -->/.exec(readme)?.[1] ?? '';

beforeAll(ensureBuilt);

describe('the README', () => {
  it('has no block that is neither tried nor generated', () => {
    const untried = snippets(readme.replace(generated, ''))
      .filter(({ text }) => TRIED[text] === undefined)
      .map(({ language, text }) => `${language}: ${text.split('\n')[0] ?? ''}`);
    // The example for other projects runs in test/package, from the installed tarball.
    expect(untried).toEqual([
      "js: import { applyQuery, startSimulator } from 'truenas-mcp-server/simulator';",
    ]);
    expect(Object.keys(TRIED).filter((text) => !readme.includes(`\n${text}\n`))).toEqual([]);
  });

  it('shows client configurations that parse and name only settings that exist', () => {
    const blocks = snippets(generated);
    expect(blocks).toHaveLength(4);
    const known = page('docs/configuration.md');
    const parsed = blocks
      .filter(({ language }) => language === 'json')
      .map(({ text }) => JSON.parse(text) as unknown);
    expect(parsed).toHaveLength(3);
    for (const { text } of blocks) {
      const variables = text.match(/TRUENAS_\w+/g) ?? [];
      expect(variables.length).toBeGreaterThan(2);
      expect(variables.filter((name) => !known.includes(`\`${name}\``))).toEqual([]);
    }
  });

  it('its two commands are scripts of the package', () => {
    const { scripts } = manifest();
    expect(scripts.demo).toContain('dist/cli.js demo');
    expect(scripts.test).toMatch(/build.*types.*lint.*format:check.*vitest run --project '!long'$/);
  });

  it('the demo asks, answers, shows every client configuration and ends well', async () => {
    const { code, stdout, stderr } = await run(['demo']);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('system_overview');
    expect(stdout).toMatch(/DEGRADED/);
    for (const client of ['Claude Desktop', 'Claude Code', 'VS Code', 'Cursor'])
      expect(stdout).toContain(client);
  });

  it('the demo ends with a change that is planned, approved by a person, seen on the NAS, and taken back', async () => {
    const { stdout } = await run(['demo']);
    const tour = stdout.slice(stdout.indexOf('? Carol'), stdout.indexOf('To use it with your TrueNAS'));
    expect(tour.replaceAll(/\b[a-z2-9]{10}\b(?=[",]|"\})/gu, 'ID')).toMatchInlineSnapshot(`
      "? Carol is running out of room: give her 100 GiB more.
      > plan_change {"tool":"update_dataset","arguments":{"dataset":"tank/home/carol","quota":"600G"}}
      PLAN ID, nothing was changed: Set quota=600 GiB on tank/home/carol
      risk: configuration (settings of a dataset change)
      1. set quota=600 GiB on tank/home/carol: pool.dataset.update ["tank/home/carol",{"quota":644245094400}]
      diff: dataset tank/home/carol: quota 500 GiB (536870912000 bytes) -> 600 GiB (644245094400 bytes)
      undo: set quota of tank/home/carol back: pool.dataset.update ["tank/home/carol",{"quota":536870912000}]
      roles needed: DATASET_WRITE
      To apply it: apply_change {"plan":"ID","summary":"Set quota=600 GiB on tank/home/carol"}.
      > apply_change {"plan":"ID","summary":"Set quota=600 GiB on tank/home/carol"}
      ! The server asks for a person. You would now sign in on its page, in your browser; the demo does it for you.
      ! Signed in as truenas_admin, reads "Set quota=600 GiB on tank/home/carol", and clicks Apply.
      DONE, and seen on the NAS afterwards: Set quota=600 GiB on tank/home/carol
      dataset tank/home/carol: as planned
      by: truenas_admin
      undo: undo_change {"change":"ID"}

      ? On second thoughts, take that back.
      > undo_change {"change":"ID"}
      PLAN ID, nothing was changed: Undo "Set quota=600 GiB on tank/home/carol"
      risk: configuration (settings of a dataset change)
      1. set quota of tank/home/carol back: pool.dataset.update ["tank/home/carol",{"quota":536870912000}]
      diff: dataset tank/home/carol: quota 600 GiB (644245094400 bytes) -> 500 GiB (536870912000 bytes)
      diff: dataset tank/home/carol: usedbydataset stays 413 GiB (443455373312 bytes)
      diff: dataset tank/home/carol: snapshot_count stays 15
      undo: none: an undo is not undone; plan the change again
      roles needed: DATASET_WRITE
      To apply it: apply_change {"plan":"ID","summary":"Undo \\"Set quota=600 GiB on tank/home/carol\\""}.
      > apply_change {"plan":"ID","summary":"Undo \\"Set quota=600 GiB on tank/home/carol\\""}
      DONE, and seen on the NAS afterwards: Undo "Set quota=600 GiB on tank/home/carol"
      dataset tank/home/carol: as planned
      by: truenas_admin
      undo: none, an undo is not undone; plan the change again

      "
    `);
  });

  it('serve --demo answers an MCP client', async () => {
    const client = new Client({ name: 'readme', version: '1' });
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [builtCli, 'serve', '--demo'],
        stderr: 'ignore',
      }),
    );
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toContain('system_overview');
    await client.close();
  });

  it('simulate --json says in its first line how to sign in', async () => {
    const child = spawn(
      process.execPath,
      [builtCli, 'simulate', '--release', '25.10', '--role', 'READONLY_ADMIN', '--json'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const line = await new Promise<string>((resolve) => {
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
      });
    });
    child.kill();
    expect(Object.keys(JSON.parse(line) as object).sort()).toEqual([
      'apiKey',
      'caFile',
      'fingerprint',
      'url',
      'username',
    ]);
  });
});

function run(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [builtCli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
