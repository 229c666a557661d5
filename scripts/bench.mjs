/**
 * `npm run bench`: measures the built server against floors, in one run on this machine. `--json` prints JSON, `--write` puts
 * the result into docs/performance.md (with `--only`, those sections alone), `--rounds N` repeats more or less often, `--only NAME` (repeatable) picks measurements.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTypeScript } from './load.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '15' },
    only: { type: 'string', multiple: true, default: [] },
  },
});

const { asMarkdown, asText, MEASUREMENTS, runBench } = await loadTypeScript('bench/index.ts');
const unknown = options.only.filter((name) => MEASUREMENTS[name] === undefined);
if (unknown.length > 0) {
  process.stderr.write(
    `--only: no measurement ${unknown.join(', ')}; there are ${Object.keys(MEASUREMENTS).join(', ')}\n`,
  );
  process.exit(2);
}

const report = await runBench({
  root,
  rounds: Number(options.rounds),
  only: options.only,
  progress: (line) => process.stderr.write(`${line}\n`),
});
process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
if (options.write) write(asMarkdown(report));

/** Replaces the measured part of the page, between its markers; of a run with `--only`, the sections that it measured. */
function write(markdown) {
  const file = join(root, 'docs', 'performance.md');
  const page = readFileSync(file, 'utf8');
  const [begin, end] = ['<!-- begin measurements -->', '<!-- end measurements -->'];
  const [before, rest] = page.split(begin);
  const [measured, after] = rest?.split(end) ?? [];
  if (after === undefined) throw new Error('docs/performance.md has lost its markers');
  const part = options.only.length === 0 ? markdown : merged(measured.trim(), markdown);
  writeFileSync(file, `${before}${begin}\n${part}\n${end}${after}`);
}

/** The page's sections with those of a later run in their place, each of these with its own date and machine. */
function merged(measured, markdown) {
  const [head, ...sections] = measured.split('\n\n### ');
  const [when, ...fresh] = markdown.split('\n\n### ');
  const titleOf = (section) => section.split('\n', 1)[0];
  for (const section of fresh) {
    const dated = section.replace('\n\n', `\n\n${when}\n\n`);
    const index = sections.findIndex((each) => titleOf(each) === titleOf(section));
    if (index < 0) sections.push(dated);
    else sections[index] = dated;
  }
  return [head, ...sections].join('\n\n### ');
}
