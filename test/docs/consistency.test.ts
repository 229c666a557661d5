import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GENERATED_DOCUMENTS } from '../../scripts/docs/index.ts';
import { manifest, PAGES, page, ROOT, tableRows } from './pages.ts';

const MAY_LICENCE = /^(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause)(?: OR (?:MIT|ISC|Apache-2\.0))?$/;

describe('generated pages', () => {
  it.each(GENERATED_DOCUMENTS.map((document) => [document.path, document] as const))(
    '%s says what the code says (npm run docs writes it)',
    (path, document) => {
      expect(page(path)).toBe(document.text(page(path)));
    },
  );
});

describe('links', () => {
  it.each(PAGES)('every relative link of %s leads to a file', (path) => {
    const links = [...page(path).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map((match) => match[1] ?? '')
      .filter((link) => !/^[a-z]+:/.test(link));
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(path), link)))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const rows = tableRows(page('docs/architecture.md'), 'Package');
  const { dependencies = {}, devDependencies, optionalDependencies = {} } = manifest();

  it('names every dependency and no other', () => {
    const named = rows.map(([name]) => name?.replaceAll('`', ''));
    expect(new Set(named)).toEqual(
      new Set(Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })),
    );
    expect(new Set(named).size).toBe(named.length);
  });

  it('gives each its licence, a permissive one, and a reason', () => {
    for (const [cell = '', licence = '', , reason = ''] of rows) {
      const name = cell.replaceAll('`', '');
      const file = join(ROOT, 'node_modules', name, 'package.json');
      // What is optional may be missing here. It is not bundled: a licence that asks for its own sources does no harm.
      const isOptional = name in optionalDependencies;
      if (isOptional && !existsSync(file)) continue;
      const { license } = JSON.parse(readFileSync(file, 'utf8')) as { license: string };
      expect({ name, licence }).toEqual({ name, licence: license });
      expect(isOptional && licence === 'MPL-2.0' ? 'MIT' : licence).toMatch(MAY_LICENCE);
      expect(reason.length).toBeGreaterThan(4);
    }
  });

  it('draws the folders that exist', () => {
    const drawn = [...page('docs/architecture.md').matchAll(/^ *(\w+) {2,}\S/gm)].map(
      (match) => match[1] ?? '',
    );
    expect(drawn.length).toBeGreaterThan(8);
    expect(drawn.filter((folder) => !existsSync(join(ROOT, 'src', folder)))).toEqual([]);
  });
});

describe('SECURITY.md', () => {
  const text = page('SECURITY.md');

  it('names the supported versions', () => {
    expect(tableRows(text, 'Version')).toEqual([
      ['2.0.x', 'yes'],
      ['1.0.x', 'no'],
    ]);
    expect(manifest().version).toMatch(/^2\.0\./);
  });

  it('says how to report privately, and what happens then', () => {
    for (const words of [
      'security@example.com',
      'Never open a public issue',
      '48 hours',
      'coordinated disclosure',
      'English',
      'CVSS v3.0',
    ]) {
      expect(text).toContain(words);
    }
  });

  it('points, for each security feature, to a test that exists', () => {
    const proofs = tableRows(text, 'Feature').map(([, proof = '']) => /^`([^`]+)`: "(.+)"$/.exec(proof));
    expect(proofs.length).toBeGreaterThanOrEqual(5);
    const missing = proofs.filter(
      (proof) =>
        proof === null ||
        !existsSync(join(ROOT, proof[1] ?? '')) ||
        !isTestIn(proof[1] ?? '', proof[2] ?? ''),
    );
    expect(missing).toEqual([]);
  });
});

it('docs/safety.md names a test for each claim about changes', () => {
  const proofs = tableRows(page('docs/safety.md'), 'Claim').map(([, proof = '']) =>
    /^`([^`]+)`: "(.+)"$/.exec(proof),
  );
  expect(proofs.length).toBeGreaterThan(20);
  const missing = proofs.filter(
    (proof) =>
      proof === null || !existsSync(join(ROOT, proof[1] ?? '')) || !isTestIn(proof[1] ?? '', proof[2] ?? ''),
  );
  expect(missing).toEqual([]);
});

describe('CONTRIBUTING.md', () => {
  it('names only commands that exist', () => {
    const { scripts } = manifest();
    const named = [...page('CONTRIBUTING.md').matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});

describe('CHANGELOG.md', () => {
  it('tells of the version in package.json', () => {
    expect(page('CHANGELOG.md')).toContain(`## ${manifest().version}`);
  });
});

function isTestIn(path: string, name: string): boolean {
  // The first argument, on the line of its call or below it.
  const source = page(path).replace(/\(\n\s+/gu, '(');
  return [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => source.includes(`(${quoted}`));
}
