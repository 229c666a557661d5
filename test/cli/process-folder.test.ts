import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProcessFolder } from '../../src/cli/process-folder.ts';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { bareEnv } from '../support/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-leftovers-'));
beforeAll(ensureBuilt);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a temporary folder of a process', () => {
  it('that lives is left alone by others', async () => {
    const first = await makeProcessFolder('truenas-mcp-test');
    const second = await makeProcessFolder('truenas-mcp-test');
    expect([first, second].every((path) => existsSync(path))).toBe(true);
    for (const path of [first, second]) rmSync(path, { recursive: true });
  });

  it('that was killed is removed by the next one', async () => {
    const env = { ...bareEnv(), TMPDIR: folder, TEMP: folder, TMP: folder };
    const simulate = async () => {
      const child = spawn(process.execPath, [builtCli, 'simulate', '--json'], { env });
      await once(child.stdout, 'data');
      return child;
    };
    const left = () => readdirSync(folder).filter((name) => name.startsWith('truenas-mcp-simulator-'));
    const killed = await simulate();
    killed.kill('SIGKILL');
    await once(killed, 'close');
    expect(left()).toHaveLength(1);
    const next = await simulate();
    expect(left()).toEqual([expect.stringContaining(`-${next.pid}-`)]);
    next.kill('SIGTERM');
    await once(next, 'close');
  });
});
