import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { createAuditTrail } from '../../src/telemetry/audit.ts';

const SECRET = `4-${'k9Zq'.repeat(16)}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function trailTo(file: string) {
  const told: string[] = [];
  const tell = (message: string, details?: Record<string, unknown>) =>
    void told.push(details?.['error'] instanceof Error ? `${message}: ${details['error'].message}` : message);
  const trail = createAuditTrail({
    file,
    redactor: createRedactor({ ownSecrets: [SECRET] }),
    log: { debug: tell, info: tell, warn: tell, error: tell },
    now: () => 0,
  });
  return { trail, told };
}

function linesOf(file: string): Record<string, unknown>[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the audit trail', () => {
  it('appends one line of JSON for each entry, in order, to what is there', async () => {
    const file = join(folder, 'audit.jsonl');
    appendFileSync(file, '{"event":"before"}\n', { mode: 0o600 });
    const { trail, told } = trailTo(file);
    for (let index = 0; index < 50; index += 1) trail.record({ event: 'call', index });
    await trail.close();
    const lines = linesOf(file);
    expect(lines.map(({ index }) => index)).toEqual([undefined, ...Array.from({ length: 50 }, (_, i) => i)]);
    expect(lines[1]).toEqual({ at: '1970-01-01T00:00:00.000Z', event: 'call', index: 0 });
    expect(told).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('can be read by its owner alone', async () => {
    const file = join(folder, 'audit.jsonl');
    const { trail } = trailTo(file);
    trail.record({ event: 'call' });
    await trail.close();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('holds no secret, under whatever name, and no line break of others', async () => {
    const file = join(folder, 'audit.jsonl');
    const { trail } = trailTo(file);
    trail.record({ event: 'call', arguments: { text: `a\n${SECRET}`, passphrase: 'tulip' } });
    await trail.close();
    expect(readFileSync(file, 'utf8')).not.toMatch(/k9Zq|tulip/);
    expect(linesOf(file)).toHaveLength(1);
  });

  it('cuts a long reason only after secrets were taken out', async () => {
    const file = join(folder, 'audit.jsonl');
    const { trail } = trailTo(file);
    for (let length = 270; length < 300; length += 1)
      trail.record({ event: 'call', reason: `${'x '.repeat(length / 2)}${SECRET.slice(2)} is wrong` });
    await trail.close();
    const reasons = linesOf(file).map(({ reason }) => String(reason));
    expect(reasons.filter((reason) => /k9|Zq/.test(reason))).toEqual([]);
    expect(Math.max(...reasons.map(({ length }) => length))).toBe(300);
  });

  it('leaves out arguments that are too long, and says how long they were', async () => {
    const file = join(folder, 'audit.jsonl');
    const { trail } = trailTo(file);
    trail.record({ event: 'call', tool: 'x', arguments: { text: 'a'.repeat(20_000) } });
    await trail.close();
    expect(linesOf(file)).toEqual([
      { at: '1970-01-01T00:00:00.000Z', event: 'call', tool: 'x', argumentsCharacters: 20_011 },
    ]);
  });

  it('keeps what a file would not take, says so once, and writes it when it can', async () => {
    const file = join(folder, 'later', 'audit.jsonl');
    const { trail, told } = trailTo(file);
    trail.record({ event: 'call', index: 0 });
    await trail.close();
    trail.record({ event: 'call', index: 1 });
    await trail.close();
    expect(told.filter((text) => text.includes('cannot be written'))).toHaveLength(1);
    mkdirSync(join(folder, 'later'));
    trail.record({ event: 'call', index: 2 });
    await trail.close();
    expect(linesOf(file).map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(told.at(-1)).toBe('the audit file can be written again');
  });

  it('counts what it had to drop, and holds no more than a bounded amount', async () => {
    const file = join(folder, 'later', 'audit.jsonl');
    const { trail } = trailTo(file);
    for (let index = 0; index < 300; index += 1)
      trail.record({ event: 'call', arguments: { text: 'a'.repeat(7000) } });
    await trail.close();
    mkdirSync(join(folder, 'later'));
    trail.record({ event: 'call', last: true });
    await trail.close();
    const lines = linesOf(file);
    const kept = lines.filter(({ event }) => event === 'call').length;
    expect(kept).toBeLessThan(200);
    expect(lines.at(-1)).toMatchObject({ event: 'lost', count: 301 - kept });
  });

  it.skipIf(process.platform === 'win32').each<[what: string, reason: RegExp, make: (file: string) => void]>([
    [
      'a link',
      /symbolic link/,
      (file) => {
        writeFileSync(`${file}.real`, '', { mode: 0o600 });
        symlinkSync(`${file}.real`, file);
      },
    ],
    ['a link to nothing', /symbolic link/, (file) => symlinkSync(`${file}.real`, file)],
    ['a file that others can read', /chmod 600/, (file) => writeFileSync(file, '', { mode: 0o644 })],
    [
      'a file that its group can change',
      /chmod 600/,
      (file) => {
        writeFileSync(file, '');
        chmodSync(file, 0o620);
      },
    ],
    ['a folder', /EISDIR|regular/, (file) => mkdirSync(file)],
  ])('refuses %s, with the reason, and writes nothing', async (_what, reason, make) => {
    const file = join(folder, 'audit.jsonl');
    make(file);
    const { trail, told } = trailTo(file);
    trail.record({ event: 'call' });
    await trail.close();
    expect(told.join()).toMatch(/cannot be written/);
    expect(told.join()).toMatch(reason);
    const written = [file, `${file}.real`].filter((path) =>
      statSync(path, { throwIfNoEntry: false })?.isFile(),
    );
    expect(written.map((path) => readFileSync(path, 'utf8')).join('')).toBe('');
  });

  it('goes on in a new file when the old one was moved away', async () => {
    const file = join(folder, 'audit.jsonl');
    const { trail } = trailTo(file);
    trail.record({ event: 'call', index: 0 });
    await trail.close();
    renameSync(file, join(folder, 'old.jsonl'));
    trail.record({ event: 'call', index: 1 });
    await trail.close();
    expect(linesOf(file).map(({ index }) => index)).toEqual([1]);
  });
});
