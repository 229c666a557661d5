/**
 * Adds up what .ci/run did, from exit codes and reports: INSTALL_CODE TEST_CODE TEST_REPORT PUBLIC_CODE
 * PUBLIC_REPORT BROWSER_CODE BROWSER_REPORT PROTOCOL_CODE PROTOCOL_REPORT.
 * A step that failed without a failed test of its own (types, lint, a missing report) counts as one failure.
 */
import { readFileSync } from 'node:fs';

const [
  installCode,
  testCode,
  testReport,
  publicCode,
  publicReport,
  browserCode,
  browserReport,
  protocolCode,
  protocolReport,
] = process.argv.slice(2);

const steps = [
  { name: 'npm ci', code: installCode, passed: 0, failed: 0 },
  { name: 'npm test', code: testCode, ...testSums(read(testReport)) },
  { name: 'without the contract', code: publicCode, ...testSums(read(publicReport)) },
  { name: 'in a browser', code: browserCode, ...testSums(read(browserReport)) },
  {
    name: 'protocol checks',
    code: protocolCode,
    ...(read(protocolReport) ?? { passed: 0, failed: 0, isMissing: true }),
  },
].map((step) => ({ ...step, failed: step.failed + brokenOf(step) }));

for (const { name, passed, failed } of steps)
  process.stdout.write(`${name}: ${passed} passed, ${failed} failed\n`);
const sum = (key) => steps.reduce((total, step) => total + step[key], 0);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exitCode = sum('failed') === 0 ? 0 : 1;

/** 1 for a step that went wrong without saying which of its checks did. */
function brokenOf({ code, failed, isMissing = false }) {
  return failed === 0 && (code !== '0' || isMissing) ? 1 : 0;
}

/** Tests that ran; a file that could not be loaded counts as one failed test. */
function testSums(report) {
  if (report === undefined) return { passed: 0, failed: 0, isMissing: true };
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  );
  return { passed: report.numPassedTests, failed: report.numFailedTests + unloaded.length };
}

function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
