/** Writes the generated documents that scripts/docs/index.ts lists: pages of docs/, and the README's marked parts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTypeScript } from './load.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { GENERATED_DOCUMENTS } = await loadTypeScript('scripts/docs/index.ts');

for (const { path, text } of GENERATED_DOCUMENTS) {
  const file = join(root, path);
  const before = read(file);
  const after = text(before);
  if (after !== before) writeFileSync(file, after);
  process.stdout.write(`${after === before ? 'unchanged' : 'written  '} ${path}\n`);
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
