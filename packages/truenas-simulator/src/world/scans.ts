/** Scrubs and resilvers, and how far they are. */
import { SECOND_MS } from './units.ts';

/** A scrub or resilver, running or done. Its progress is a function of the clock. */
export interface Scan {
  readonly kind: 'SCRUB' | 'RESILVER';
  readonly startedMs: number;
  /** When it will be, or was, done if nothing stops it. */
  readonly expectedEndMs: number;
  /** Set when it was stopped before its end. */
  canceledMs: number | null;
  pausedMs: number | null;
  readonly errors: number;
}

/** State of a scan at a moment. */
export interface ScanProgress {
  readonly state: 'SCANNING' | 'FINISHED' | 'CANCELED';
  /** 0 to 100. */
  readonly percent: number;
  readonly endedMs: number | null;
  readonly secondsLeft: number | null;
}

/** Where a scan stands at a moment. */
export function scanProgress(scan: Scan, nowMs: number): ScanProgress {
  const stoppedMs = scan.canceledMs ?? scan.pausedMs;
  const untilMs = Math.min(stoppedMs ?? nowMs, scan.expectedEndMs);
  const span = Math.max(1, scan.expectedEndMs - scan.startedMs);
  const percent = Math.min(100, Math.max(0, ((untilMs - scan.startedMs) / span) * 100));
  if (scan.canceledMs !== null) {
    return { state: 'CANCELED', percent, endedMs: scan.canceledMs, secondsLeft: null };
  }
  if (percent >= 100) return { state: 'FINISHED', percent, endedMs: scan.expectedEndMs, secondsLeft: null };
  const secondsLeft = Math.ceil((scan.expectedEndMs - untilMs) / SECOND_MS);
  return { state: 'SCANNING', percent, endedMs: null, secondsLeft };
}

/** A scrub of the past. */
export function finishedScrub(startedMs: number, lengthMs: number, errors: number): Scan {
  const expectedEndMs = startedMs + lengthMs;
  return { kind: 'SCRUB', startedMs, expectedEndMs, canceledMs: null, pausedMs: null, errors };
}
