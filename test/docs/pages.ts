/** The project's pages as text, and what the tests look for in them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Every page a person reads. */
export const PAGES = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/architecture.md',
  'docs/configuration.md',
  'docs/findings.md',
  'docs/kinds.md',
  'docs/older-releases.md',
  'docs/performance.md',
  'docs/pictures.md',
  'docs/releasing.md',
  'docs/resources.md',
  'docs/runbooks/README.md',
  'docs/runbooks/approved-by-mistake.md',
  'docs/runbooks/audit-full.md',
  'docs/runbooks/key-leaked.md',
  'docs/runbooks/outcome-unknown.md',
  'docs/safety.md',
  'docs/tools.md',
  'packages/truenas-simulator/README.md',
] as const;

/** A file of the checkout. */
export function page(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** A fenced block. */
export interface Snippet {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of a page, in order. */
export function snippets(text: string): Snippet[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)\n```$/gm)].map((match) => ({
    language: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

/** The rows of every table of a page whose first head cell is `head`, as cells of Markdown. */
export function tableRows(text: string, head: string): string[][] {
  const rows: string[][] = [];
  let isInside = false;
  for (const line of text.split('\n')) {
    const cells = line.startsWith('|')
      ? line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim())
      : [];
    if (cells.length === 0) isInside = false;
    else if (cells[0] === head) isInside = true;
    else if (isInside && !/^-+$/.test(cells[0] ?? '')) rows.push(cells);
  }
  return rows;
}

/** package.json. */
export function manifest(): {
  name: string;
  private?: boolean;
  version: string;
  scripts: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies?: Record<string, string>;
} {
  return JSON.parse(page('package.json')) as ReturnType<typeof manifest>;
}
