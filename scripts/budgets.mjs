/**
 * `npm run budgets`: counts what tool lists and typical answers cost a model and writes the figures to
 * test/docs/token-budgets.json. A test fails when one of them has grown by more than 5 % since; `npm run docs` shows them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './load.mjs';

const file = join(fileURLToPath(new URL('..', import.meta.url)), 'test', 'docs', 'token-budgets.json');
const { measureTokenCosts } = await loadTypeScript('scripts/docs/token-costs.ts');
const before = read();
const after = await measureTokenCosts();
writeFileSync(file, `${JSON.stringify(after, null, 2)}\n`);
for (const part of ['lists', 'answers']) {
  for (const [name, tokens] of Object.entries(after[part])) {
    const was = before[part]?.[name];
    if (was !== tokens) process.stdout.write(`${part}: ${name} ${was ?? 'new'} -> ${tokens}\n`);
  }
}

function read() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}
