/** The period that a question about measurements means. */
import { InputProblem } from '../../output/problem.ts';
import { parseMoment, parseSpan } from '../../output/time.ts';
import type { Period } from './metric-series.ts';

const DEFAULT_RANGE_MS = 3_600_000;

/**
 * The period of `range`, `from` and `to`, by the clock of the NAS.
 * @throws InputProblem for one that cannot be read or lies in the future
 */
export function periodOf(
  input: { range?: string | undefined; from?: string | undefined; to?: string | undefined },
  nowMs: number,
): Period {
  const toMs = input.to === undefined ? nowMs : momentOf('to', input.to, nowMs);
  if (input.from !== undefined && input.range !== undefined) {
    throw new InputProblem('range', 'and from exclude each other', 'give one of them');
  }
  const spanMs = input.range === undefined ? DEFAULT_RANGE_MS : parseSpan(input.range);
  if (spanMs === undefined || spanMs < 60_000) {
    throw new InputProblem('range', 'is not a span of at least a minute', 'e.g. "1h", "24h" or "7d"');
  }
  const fromMs = input.from === undefined ? toMs - spanMs : momentOf('from', input.from, nowMs);
  if (fromMs >= nowMs) throw new InputProblem('from', 'is not in the past', 'e.g. "2h" for two hours ago');
  if (toMs - fromMs < 60_000)
    throw new InputProblem(
      'from',
      'must be at least a minute before to',
      'e.g. from "2026-03-01T00:00Z" to "2026-03-02T00:00Z"',
    );
  return { fromMs, toMs };
}

function momentOf(argument: string, text: string, nowMs: number): number {
  const ms = parseMoment(text, nowMs);
  if (ms === undefined)
    throw new InputProblem(argument, 'is not a date', 'e.g. "2026-03-01T12:00Z", or "2h" for two hours ago');
  return ms;
}
