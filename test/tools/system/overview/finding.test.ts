import { expect, test } from 'vitest';
import { verdictOf } from '../../../../src/findings/verdict.ts';
import type { Finding } from '../../../../src/tools/system/overview/finding.ts';

const bad: Finding = { level: 'CRITICAL', text: 'bad' };

const odd: Finding = { level: 'WARNING', text: 'odd' };

test.each([
  [[], [], 'OK'],
  [[odd], [], 'WARNING'],
  [[odd, bad], [], 'CRITICAL'],
  [[], ['pools'], 'UNKNOWN'],
  [[odd], ['pools'], 'UNKNOWN'],
  [[bad], ['pools'], 'CRITICAL'],
  [[odd, bad], ['pools', 'alerts'], 'CRITICAL'],
] as const)('found %j, unread %j: %s', (findings, unread, verdict) => {
  expect(verdictOf(findings, unread)).toBe(verdict);
});
