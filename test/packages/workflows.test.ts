/** What runs at the forge: only scripts that exist, with no more rights than needed, on the Nodes and systems that are promised. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { manifest, page, ROOT } from '../docs/pages.ts';

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly needs?: string;
  readonly strategy?: {
    readonly matrix: { readonly node: readonly string[]; readonly system: readonly string[] };
  };
  readonly steps: readonly {
    readonly run?: string;
    readonly uses?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = '.github/workflows';
const workflows = new Map(
  readdirSync(join(ROOT, FOLDER)).map((file) => [file, parse(page(`${FOLDER}/${file}`)) as Workflow]),
);
const jobs = [...workflows].flatMap(([file, { jobs: named }]) =>
  Object.entries(named).map(([name, job]) => ({ file, name, job })),
);
const workflow = (file: string): Workflow => {
  const found = workflows.get(file);
  if (found === undefined) throw new Error(`there is no ${file}`);
  return found;
};

describe('the workflows', () => {
  it('test on the oldest Node that is promised and on three systems', () => {
    const { matrix } = workflow('ci.yml').jobs['test']?.strategy ?? {};
    expect(matrix?.node).toEqual(['20.19', '22', '24', '26']);
    expect((manifest() as unknown as { engines: { node: string } }).engines.node).toBe(
      `>=${matrix?.node[0]}`,
    );
    expect(matrix?.system.map((system) => system.split('-')[0])).toEqual(['ubuntu', 'macos', 'windows']);
  });

  it('run scripts and tests that exist', () => {
    const commands = jobs.flatMap(({ job }) => job.steps.flatMap(({ run }) => run ?? []));
    const scripts = commands.flatMap((run) =>
      [...run.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? ''),
    );
    expect(scripts.length).toBeGreaterThan(2);
    expect(scripts.filter((name) => manifest().scripts[name] === undefined)).toEqual([]);
    const tests = commands.flatMap((run) => run.match(/(?<= )test\/[\w/]+/g) ?? []);
    for (const path of tests) expect(readdirSync(join(ROOT, path)).length).toBeGreaterThan(0);
  });

  it('read only, but for the one job that publishes after a reviewer said yes', () => {
    for (const { permissions } of workflows.values()) expect(permissions).toEqual({ contents: 'read' });
    const writing = jobs.filter(({ job }) => job.permissions !== undefined);
    expect(writing.map(({ file, name }) => `${file} ${name}`)).toEqual(['release.yml publish']);
    expect(writing[0]?.job).toMatchObject({ environment: 'release', needs: 'build' });
    // Neither this project's code nor that of a dependency runs where it could publish.
    expect(JSON.stringify(writing[0]?.job.steps)).not.toMatch(/checkout|npm (?:ci|install|test|run)/);
  });

  it('keep no token, and leave none in the checkout', () => {
    for (const file of workflows.keys())
      expect(page(`${FOLDER}/${file}`)).not.toMatch(/secrets\.|NPM_TOKEN|_authToken/);
    const checkouts = jobs.flatMap(({ job }) =>
      job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')),
    );
    expect(checkouts.length).toBeGreaterThan(2);
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('put no text of a stranger into a command', () => {
    const expressions = jobs.flatMap(({ job }) =>
      job.steps.flatMap(({ run = '' }) => run.match(/\$\{\{.*?\}\}/g) ?? []),
    );
    expect(expressions).toEqual([]);
  });
});

describe('the issue forms', () => {
  interface Form {
    readonly body: readonly {
      readonly id?: string;
      readonly validations?: { readonly required?: boolean };
    }[];
  }
  it.each(['bug.yml', 'compatibility.yml'])('%s asks for the report of doctor', (file) => {
    const source = page(`.github/ISSUE_TEMPLATE/${file}`);
    expect(source).toContain('truenas-mcp doctor --report');
    const { body } = parse(source) as Form;
    expect(body.find(({ id }) => id === 'report')?.validations?.required).toBe(true);
  });

  it('send whoever found a vulnerability to the security policy, and allow no blank issue', () => {
    expect(page('.github/ISSUE_TEMPLATE/bug.yml')).toMatch(/about security\?.*\n?.*SECURITY\.md/);
    expect(parse(page('.github/ISSUE_TEMPLATE/config.yml'))).toEqual({ blank_issues_enabled: false });
    expect(page('SECURITY.md')).toContain('Never open a public issue');
  });
});

describe('the updates of dependencies', () => {
  it('cover packages, actions and the image', () => {
    const { updates } = parse(page('.github/dependabot.yml')) as {
      updates: { 'package-ecosystem': string; directory: string }[];
    };
    expect(updates.map((each) => each['package-ecosystem'])).toEqual(['npm', 'github-actions', 'docker']);
    expect(readdirSync(join(ROOT, updates[2]?.directory ?? ''))).toContain('Dockerfile');
  });
});
