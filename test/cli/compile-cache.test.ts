import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import nodeModule from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { privateFolder } from '../../src/cli/compile-cache.ts';
import { ensureBuilt } from '../support/built.ts';
import { bareEnv, runCli } from '../support/processes.ts';

/** Compiled code is run as it is found; so nobody else may be able to put any there. */
const isPosix = process.getuid !== undefined;
const userId = process.getuid?.() ?? 0;
const name = `truenas-mcp-compiled-${userId}`;
/** Whether this Node keeps compiled code at all. */
const keepsCode = 'enableCompileCache' in nodeModule;

let temporary = '';
beforeAll(ensureBuilt);
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'truenas-mcp-cache-test-'));
  // As /tmp is: everyone may add something.
  chmodSync(temporary, 0o1777);
});
afterEach(() => rmSync(temporary, { recursive: true, force: true }));

describe.skipIf(!isPosix)('the folder of compiled code', () => {
  it('is made for its user alone, and found again', () => {
    const folder = privateFolder(temporary, userId);
    expect(folder).toBe(join(temporary, name));
    expect(statSync(join(temporary, name)).mode & 0o777).toBe(0o700);
    expect(privateFolder(temporary, userId)).toBe(folder);
  });

  it.each<[string, (folder: string) => void]>([
    ['others can write to', (folder) => plantFolder(folder, 0o777)],
    ['a group can write to', (folder) => plantFolder(folder, 0o770)],
    ['others can read', (folder) => plantFolder(folder, 0o755)],
    ['is a link to elsewhere', (folder) => symlinkSync(temporary, folder)],
    ['is a file', (folder) => writeFileSync(folder, '')],
  ])('is none when what has its name %s', (_, plant) => {
    plant(join(temporary, name));
    expect(privateFolder(temporary, userId)).toBeUndefined();
  });

  it('is none when it belongs to somebody else', () => {
    const other = userId + 1;
    plantFolder(join(temporary, `truenas-mcp-compiled-${other}`), 0o700);
    expect(privateFolder(temporary, other)).toBeUndefined();
  });

  it('is none where no folder can be made', () => {
    writeFileSync(join(temporary, 'file'), '');
    expect(privateFolder(join(temporary, 'file'), userId)).toBeUndefined();
  });

  it.skipIf(!existsSync('/proc/self'))(
    'is none where making one fails though the folder above is there, and the program does not try for ever',
    () => {
      expect(privateFolder('/proc', userId)).toBeUndefined();
    },
  );

  it('is the only thing that the program puts into the temporary folder', async () => {
    await help();
    expect(readdirSync(temporary)).toEqual(keepsCode ? [name] : []);
  });

  it('is not used when it was prepared by others, and the program runs all the same', async () => {
    const planted = ['node-compile-cache', name].map((folder) => join(temporary, folder));
    for (const folder of planted) plantFolder(folder, 0o777);
    await help();
    expect(planted.flatMap((folder) => readdirSync(folder))).toEqual([]);
  });
});

function plantFolder(folder: string, mode: number): void {
  mkdirSync(folder);
  chmodSync(folder, mode);
}

/** Starts the program, and lets it end, with this test's temporary folder. */
async function help(): Promise<void> {
  const { code, stderr } = await runCli(['--help'], { ...bareEnv(), TMPDIR: temporary });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}
