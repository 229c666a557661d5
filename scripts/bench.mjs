/**
 * `npm run bench`: measures the built server against floors, in one run on this machine. `--json` prints JSON, `--write` puts
 * the result into docs/performance.md, `--rounds N` repeats more or less often, `--only NAME` (repeatable) picks measurements.
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

/** Replaces the measured part of the page, between its markers. */
function write(markdown) {
  const file = join(root, 'docs', 'performance.md');
  const page = readFileSync(file, 'utf8');
  const [begin, end] = ['<!-- begin measurements -->', '<!-- end measurements -->'];
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error('docs/performance.md has lost its markers');
  writeFileSync(file, `${before}${begin}\n${markdown}\n${end}${after}`);
}
