import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/built.ts';
import { evalsOf } from './evals.ts';
import { QUESTIONS } from './questions.ts';
import { SAID } from './said.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs `npm run evals` with a client that makes one call and prints what came. */
function evals(args: readonly string[], env: Readonly<Record<string, string>>) {
  const { CI: _, ...own } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/evals.mjs', ...args], {
    cwd: root,
    env: { ...own, EVALS_CLIENT: 'node test/acceptance/clients/one-call.mjs {config} {prompt}', ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('npm run evals', () => {
  beforeAll(ensureBuilt);

  it('asks through a client of its own, counts its calls, and holds the answer against the facts', () => {
    const { status, stdout } = evals(['--only', '1'], { EVALS_TEST_TOOL: 'system_overview' });
    expect(stdout).toMatch(/^ok +1 Anything wrong with the box\? \(1 calls, \d+ s\)$/mu);
    expect(status).toBe(0);
  });

  it('tells what a wrong answer lacks, and fails', () => {
    const { status, stdout } = evals(['--only', '1'], { EVALS_TEST_TOOL: 'list_services' });
    expect(stdout).toMatch(/^WRONG +1 .*\n +does not say \/archive\/i$/mu);
    expect(status).toBe(1);
  });

  it('does not run in CI, nor without a client', () => {
    expect(evals([], { CI: 'true' })).toMatchObject({ status: 2, stderr: expect.stringContaining('CI') });
    expect(evals([], { EVALS_CLIENT: '' })).toMatchObject({ status: 2 });
  });

  it('knows for each answer in words a question that is answered', () => {
    const answered = new Set(QUESTIONS.filter(({ todo }) => todo === undefined).map(({ id }) => id));
    expect(SAID.filter(({ id }) => !answered.has(id))).toEqual([]);
    expect(evalsOf([]).length).toBe(SAID.length);
  });
});
