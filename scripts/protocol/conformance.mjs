/** Runs the conformance suite and judges each scenario against the list of expected failures. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/**
 * One outcome per scenario of a revision's requirements.
 * @param expected scenario → reason, for those that must fail for as long as the reason holds
 */
export async function conformance({ judges, url, revision, folder, target, expected }) {
  const results = join(folder, `results-${target.replaceAll(/\W+/g, '-')}`);
  const output = await runSuite(judges, results, ['--url', url, '--requirements', revision]);
  return judge({ target, results, expected, output });
}

/** One outcome per named scenario, for a server without the suite's fixtures. */
export async function scenarios({ judges, url, names, revision, folder, target, expected }) {
  const results = join(folder, `results-${target.replaceAll(/\W+/g, '-')}`);
  rmSync(results, { recursive: true, force: true });
  const outputs = [];
  for (const name of names) {
    const args = ['--url', url, '--scenario', name, '--spec-version', revision];
    outputs.push(await runSuite(judges, join(results, name), args));
  }
  const found = names.flatMap((name) => checksIn(join(results, name)));
  return judge({ target, results, expected, output: outputs.join('\n'), found, wanted: names });
}

async function runSuite(judges, results, args) {
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  return (await run(judges.node, [judges.conformance, 'server', ...args, '--output-dir', results])).output;
}

function judge({ target, results, expected, output, found = checksIn(results), wanted = [] }) {
  const outcomes = [];
  const seen = new Set();
  for (const { scenario, checks } of found) {
    seen.add(scenario);
    const failures = checks.filter(({ status }) => status === 'FAILURE');
    const reason = reasonFor(expected, scenario);
    const name = `${target}: ${scenario}`;
    if (failures.length === 0) {
      if (reason !== undefined)
        outcomes.push({ name, failed: 'passes now: remove it from the expected failures' });
      else if (checks.some(({ status }) => status === 'SUCCESS')) outcomes.push({ name });
      continue;
    }
    const unexpected = failures.filter(({ id }) => !isExpected(expected, scenario, id));
    const stale = staleChecks(expected, scenario, failures);
    if (unexpected.length > 0) outcomes.push({ name, failed: unexpected.map(describe).join('; ') });
    else if (stale.length > 0) outcomes.push({ name, failed: `passes now: ${stale.join(', ')}` });
    else outcomes.push({ name, expected: reason });
  }
  for (const scenario of [...wanted, ...Object.keys(expected)].filter((name) => !seen.has(name))) {
    outcomes.push({ name: `${target}: ${scenario}`, failed: 'was not run by the suite' });
  }
  if (found.length === 0)
    outcomes.push({ name: target, failed: `the suite reported nothing:\n${output.slice(-1500)}` });
  return outcomes;
}

/** An entry is a reason for the whole scenario, or `{ checks, reason }` for some of its checks. */
function reasonFor(expected, scenario) {
  const entry = expected[scenario];
  return typeof entry === 'object' ? entry.reason : entry;
}

function isExpected(expected, scenario, id) {
  const entry = expected[scenario];
  return typeof entry === 'object' ? entry.checks.includes(id) : entry !== undefined;
}

function staleChecks(expected, scenario, failures) {
  const entry = expected[scenario];
  if (typeof entry !== 'object') return [];
  return entry.checks.filter((id) => !failures.some((failure) => failure.id === id));
}

function describe({ id, errorMessage }) {
  return `${id} (${errorMessage ?? 'no message'})`;
}

function checksIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((entry) => {
    const file = join(folder, entry, 'checks.json');
    if (!existsSync(file)) return [];
    const scenario = entry.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '');
    return [{ scenario, checks: JSON.parse(readFileSync(file, 'utf8')) }];
  });
}
