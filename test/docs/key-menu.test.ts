/** The menu in which a user makes a key has one name per release: `My API Keys` from 25.04 on, `API Keys` before. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const FOLDERS = ['src', 'docs', 'packaging'];

function texts(): [file: string, text: string][] {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name}`,
    ),
  );
  return [...files, 'README.md', 'SECURITY.md']
    .filter((name) => /\.(?:md|tsx?|ya?ml|json)$/u.test(name))
    .map((name) => [name, readFileSync(new URL(name, ROOT), 'utf8')]);
}

/** Of the releases before 25.04. */
const OLDER = /CORE|24\.10|gear|'user menu at the top right > API Keys'/u;

it('no text sends anybody to a menu that the release does not have', () => {
  const wrong = texts().flatMap(([name, text]) =>
    text
      .split('\n')
      .filter((line) => /(?<!My )\bAPI Keys\b/u.test(line) && !OLDER.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(wrong).toEqual([]);
  expect(texts().length).toBeGreaterThan(100);
});
