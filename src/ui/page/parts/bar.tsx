/** How full something is. */
import { formatBytes, formatPercent, percentOf } from '../../../output/units.ts';
import type { State } from './state.tsx';

/** TrueNAS itself warns of a pool from here on, as the findings of the server do. */
const FULL_PERCENT = { warning: 85, critical: 95 } as const;

/** How well a pool with so much in use is; one of which nobody knows it is unknown. */
export function fillState(percent: number | undefined): State {
  if (percent === undefined) return 'unknown';
  if (percent >= FULL_PERCENT.critical) return 'critical';
  return percent >= FULL_PERCENT.warning ? 'warning' : 'ok';
}

/** A bar with its words; of an unknown share, a hatched bar without a length. */
export function UsageBar({
  label,
  usedBytes,
  sizeBytes,
}: {
  readonly label: string;
  readonly usedBytes: number | undefined;
  readonly sizeBytes: number | undefined;
}) {
  const percent = percentOf(usedBytes, sizeBytes);
  const state = fillState(percent);
  return (
    <div class="usage">
      <span>{label}</span>
      <span class="quiet">{usageWords(percent, usedBytes, sizeBytes)}</span>
      <svg class={`bar ${state}`} width="100%" height="8" aria-hidden="true">
        <rect class="bar-all" width="100%" height="8" rx="4" />
        {percent !== undefined && (
          <rect class="bar-used" width={`${Math.min(100, percent)}%`} height="8" rx="4" />
        )}
      </svg>
    </div>
  );
}

function usageWords(
  percent: number | undefined,
  usedBytes: number | undefined,
  sizeBytes: number | undefined,
): string {
  if (percent === undefined || usedBytes === undefined || sizeBytes === undefined) return 'not known';
  return `${formatPercent(percent)}: ${formatBytes(usedBytes)} of ${formatBytes(sizeBytes)}`;
}
