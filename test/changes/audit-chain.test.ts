/** The chain of the audit tells an altered, dropped, inserted or reordered entry, and no change goes unnoted. */
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createChangeAudit } from '../../src/changes/audit-chain.ts';
import { verifyAudit } from '../../src/changes/audit-verify.ts';

const folders: string[] = [];
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

async function auditFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'audit-'));
  folders.push(folder);
  return join(folder, 'audit.jsonl');
}

function audit(file: string) {
  return createChangeAudit({ file, redact: (value) => value, now: () => 0 });
}

async function filled(count = 5): Promise<string> {
  const file = await auditFile();
  const trail = audit(file);
  for (let index = 0; index < count; index += 1)
    await trail.record({ event: 'change.intent', plan: `p${index}` });
  return file;
}

const linesOf = async (file: string) => (await readFile(file, 'utf8')).split('\n').slice(0, -1);

describe('the audit of changes', () => {
  it('makes the folder of TRUENAS_STATE_DIR, for its owner alone, with the first entry', async () => {
    const folder = join(dirname(await auditFile()), 'not', 'there');
    const file = join(folder, 'audit.jsonl');
    const trail = createChangeAudit({ file, folder, redact: (value) => value, now: () => 0 });
    await trail.record({ event: 'change.intent', plan: 'p' });
    expect((await verifyAudit(file)).entries).toBe(1);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('a line that a crash tore does not take the next entry with it', async () => {
    const file = await filled();
    const whole = await readFile(file, 'utf8');
    await writeFile(file, `${whole}{"at":"torn`, { mode: 0o600 });
    await audit(file).record({ event: 'change.intent', plan: 'after' });
    const { entries, problems } = await verifyAudit(file);
    expect(entries).toBe(6);
    expect(problems).toEqual([{ line: 6, reason: 'it is not an entry' }]);
  });

  it('a file that nobody touched has no problems', async () => {
    expect(await verifyAudit(await filled())).toEqual({ entries: 5, chains: 1, problems: [], unchained: 0 });
  });

  it.each([
    [
      'an altered entry',
      (lines: string[]) => lines.map((line, at) => (at === 2 ? line.replace('p2', 'p9') : line)),
    ],
    ['a dropped entry', (lines: string[]) => lines.filter((_line, at) => at !== 2)],
    [
      'an entry that was copied',
      (lines: string[]) => [...lines.slice(0, 3), lines[2] ?? '', ...lines.slice(3)],
    ],
    ['entries in another order', (lines: string[]) => [lines[1] ?? '', lines[0] ?? '', ...lines.slice(2)]],
    ['a dropped beginning', (lines: string[]) => lines.slice(1)],
    ['a line that is no entry', (lines: string[]) => [...lines, 'x']],
    [
      'an invented entry',
      (lines: string[]) => [...lines, (lines[0] ?? '').replace('"sequence":1', '"sequence":6')],
    ],
  ])('%s is told', async (_what, alter) => {
    const file = await filled();
    await writeFile(
      file,
      alter(await linesOf(file))
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect((await verifyAudit(file)).problems.length).toBeGreaterThan(0);
  });

  it('two processes write to one file, each in a chain of its own', async () => {
    const file = await auditFile();
    const [one, other] = [audit(file), audit(file)];
    await Promise.all(
      Array.from({ length: 40 }, (_value, index) =>
        (index % 2 === 0 ? one : other).record({ event: 'change.intent', plan: `p${index}` }),
      ),
    );
    expect(await verifyAudit(file)).toMatchObject({ entries: 40, chains: 2, problems: [] });
  });

  it('lines of calls that read stand beside the chains', async () => {
    const file = await filled(2);
    await writeFile(file, `${await readFile(file, 'utf8')}{"event":"call","tool":"list_pools"}\n`);
    expect(await verifyAudit(file)).toMatchObject({ entries: 2, unchained: 1, problems: [] });
  });

  it('a file that others can read, or a link, is refused before anything is written', async () => {
    const file = await filled(1);
    await chmod(file, 0o644);
    await expect(audit(file).record({ event: 'change.intent' })).rejects.toThrow(
      'other users can read or change it',
    );
    const link = `${file}.link`;
    await symlink(file, link);
    await expect(audit(link).record({ event: 'change.intent' })).rejects.toThrow('cannot be written');
  });

  describe('that has grown', () => {
    const MAX_BYTES = 2_000;
    async function grown(entries: number, writers = 1): Promise<string> {
      const file = await auditFile();
      const all = Array.from({ length: writers }, () =>
        createChangeAudit({ file, redact: (value) => value, now: () => 0, maxBytes: MAX_BYTES }),
      );
      for (let index = 0; index < entries; index += 1)
        await Promise.all(
          all.map((each) => each.record({ event: 'change.call', plan: `p${index}`, text: 'x'.repeat(200) })),
        );
      return file;
    }
    const rotated = async (file: string) =>
      (await readdir(dirname(file))).filter((name) => /\.\d+$/u.test(name)).length;

    it('is moved aside, and its chains are checked across all files', async () => {
      const file = await grown(20, 2);
      expect(await rotated(file)).toBeGreaterThan(2);
      expect(await verifyAudit(file)).toMatchObject({ entries: 40, chains: 2, problems: [] });
      const lines = await linesOf(`${file}.2`);
      await writeFile(
        `${file}.2`,
        lines.map((line, at) => `${at === 1 ? line.replace('"p', '"q') : line}\n`).join(''),
      );
      expect((await verifyAudit(file)).problems).toMatchObject([
        { file: 'audit.jsonl.2', line: 2, reason: 'it was altered' },
      ]);
    });

    it('keeps ten files, and still has no problems', async () => {
      const file = await grown(120);
      expect(await rotated(file)).toBe(10);
      expect((await verifyAudit(file)).problems).toEqual([]);
    });

    it.each([1, 2])('tells that file %i was taken away', async (number) => {
      const file = await grown(30);
      await rm(`${file}.${number}`);
      const { problems } = await verifyAudit(file);
      expect(problems).toContainEqual({ file: `audit.jsonl.${number}`, line: 0, reason: 'it is missing' });
    });

    it('a lock that a crash left behind stops no change', async () => {
      const file = await grown(10);
      await writeFile(`${file}.rotating`, '');
      const before = await rotated(file);
      const trail = createChangeAudit({ file, redact: (value) => value, now: () => 0, maxBytes: MAX_BYTES });
      for (let index = 0; index < 20; index += 1)
        await trail.record({ event: 'change.call', text: 'x'.repeat(200) });
      expect(await rotated(file)).toBe(before);
      await utimes(`${file}.rotating`, 0, 0);
      for (let index = 0; index < 20; index += 1)
        await trail.record({ event: 'change.call', text: 'x'.repeat(200) });
      expect(await rotated(file)).toBeGreaterThan(before);
      expect((await verifyAudit(file)).problems).toEqual([]);
    });
  });
});
