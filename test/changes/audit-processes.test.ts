/** One audit file of several processes, which all write and move it aside: nothing is lost, and every chain holds. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { verifyAudit } from '../../src/changes/audit-verify.ts';

const AUDIT = fileURLToPath(new URL('../../src/changes/audit-chain.ts', import.meta.url));
const PROCESSES = 4;
const ENTRIES = 60;

/** A program that writes its entries one after the other, and moves the file aside whenever it has grown. */
const PROGRAM = `
import { createChangeAudit } from ${JSON.stringify(AUDIT)};
const [file, name, entries, maxBytes] = process.argv.slice(2);
const audit = createChangeAudit({ file, redact: (value) => value, now: Date.now, maxBytes: Number(maxBytes) });
process.stdin.once('data', async () => {
  for (let index = 0; index < Number(entries); index += 1)
    await audit.record({ event: 'change.call', plan: name + '-' + index, text: 'x'.repeat(200) });
  process.exit(0);
});
process.stdout.write('ready');
`;

it('four processes that begin at once, also with the key, lose nothing while they rotate', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'audit-processes-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const program = join(folder, 'program.mjs');
  const { outputFiles } = await esbuild.build({
    stdin: { contents: PROGRAM, resolveDir: folder, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
  });
  await writeFile(program, outputFiles[0]?.text ?? '');
  const file = join(folder, 'audit.jsonl');
  // So large that nine files hold all: more would be removed.
  const maxBytes = String(Math.ceil((PROCESSES * ENTRIES * 430) / 8));
  const children = Array.from({ length: PROCESSES }, (_each, index) =>
    spawn(process.execPath, [program, file, `p${index}`, String(ENTRIES), maxBytes], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  );
  await Promise.all(children.map(({ stdout }) => once(stdout, 'data')));
  const ends = children.map((child) => once(child, 'exit'));
  for (const { stdin } of children) stdin.write('go');
  expect((await Promise.all(ends)).map(([code]) => code)).toEqual(children.map(() => 0));

  expect(await verifyAudit(file)).toEqual({
    entries: PROCESSES * ENTRIES,
    chains: PROCESSES,
    problems: [],
    unchained: 0,
  });
  const files = (await readdir(folder)).filter((name) => /^audit\.jsonl(?:\.\d+)?$/u.test(name));
  expect(files.length).toBeGreaterThan(3);
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  const plans = texts.flatMap((text) => [...text.matchAll(/"plan":"(p\d+-\d+)"/gu)].map(([, plan]) => plan));
  expect(new Set(plans).size).toBe(PROCESSES * ENTRIES);
  expect(plans).toHaveLength(PROCESSES * ENTRIES);
  expect((await readdir(folder)).filter((name) => name.endsWith('.rotating'))).toEqual([]);
}, 60_000);
