/**
 * Adds up what .ci/run did: CODES REPORTS. CODES is a file with a line "STEP EXIT-CODE" for each step in its order,
 * REPORTS a folder with STEP.json where the step made a report. Names each failed test, as the log above is long.
 * A step that failed without a failed test of its own (types, lint, a missing report) counts as one failure.
 */
import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const [codes, reports] = process.argv.slice(2);
/** Steps that are judged by their exit code alone. */
const WITHOUT_REPORT = ['npm-ci'];

const steps = readFileSync(codes, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' '))
  .map(([name, code]) => ({ name, code, ...sums(name) }))
  .map((step) => ({ ...step, failed: step.failed + brokenOf(step) }));

for (const { failures } of steps) for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`);
for (const { name, passed, failed } of steps)
  process.stdout.write(`${name}: ${passed} passed, ${failed} failed\n`);
const sum = (key) => steps.reduce((total, step) => total + step[key], 0);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') === 0 ? 0 : 1;

/** 1 for a step that went wrong without saying which of its checks did. */
function brokenOf({ code, failed, isMissing }) {
  return failed === 0 && (code !== '0' || isMissing) ? 1 : 0;
}

function sums(name) {
  const none = { passed: 0, failed: 0, failures: [], isMissing: !WITHOUT_REPORT.includes(name) };
  const report = read(join(reports, `${name}.json`));
  if (report === undefined) return none;
  return report.testResults === undefined ? { ...none, ...report, isMissing: false } : testSums(report);
}

/** Tests that ran; a file that could not be loaded counts as one failed test. */
function testSums(report) {
  const failed = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(
        ({ fullName, failureMessages }) =>
          `${relative('.', name)} > ${fullName}: ${firstLine(failureMessages)}`,
      ),
  );
  const unloaded = report.testResults
    .filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
    )
    .map(({ name, message }) => `${relative('.', name)}: ${firstLine([message])}`);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    failures: [...failed, ...unloaded].slice(0, 40),
    isMissing: false,
  };
}

function firstLine(messages) {
  return String(messages?.[0] ?? '')
    .split('\n', 1)[0]
    .slice(0, 300);
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
