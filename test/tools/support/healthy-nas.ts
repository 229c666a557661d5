/** A NAS in perfect health, for the tests of what the overview says when single answers are replaced. */
import { TrueNasError } from '../../../src/truenas/errors.ts';
import type { ReadClient, WireValue } from '../../../src/truenas/index.ts';
import { NOW_MS, runTool, toolNamed } from '../../support/tools.ts';
import { nasWith } from './hand-made-nas.ts';

/** The layout of a pool, which no test here looks into. */
export const NO_VDEVS = { data: [], log: [], cache: [], spare: [], special: [], dedup: [] };

/** A NAS with one pool, in perfect health; tests replace single answers. */
export function healthy(answers: Record<string, WireValue | Error> = {}): ReadClient {
  return nasWith({
    'pool.query': pool({}),
    'auth.me': { pw_name: 'monitor', privilege: { roles: ['READONLY_ADMIN'] } },
    'system.general.config': { ui_certificate: { id: 1 } },
    'service.query': [{ service: 'cifs', enable: true, state: 'RUNNING' }],
    'disk.temperatures': { sda: 35, sdb: null },
    ...answers,
  });
}

/** A role that is missing. */
export const denied = new TrueNasError('not-authorized', {
  summary: 'Not authorized.',
  nextStep: 'Use another key.',
});

/** The reasons without the calls that show more. */
export const said = (reasons: readonly string[]): string[] =>
  reasons.map((reason) => reason.split(' → ')[0] ?? '');

/** The overview of a NAS. */
export async function overview(
  nas: ReadClient,
): Promise<{ text: string; data: { verdict: string; reasons: string[]; unread: string[] } }> {
  return runTool(nas, toolNamed('system_overview'));
}

/** An alert that nobody has dismissed. */
export const alert = (klass: string, level: string, text: string, args: WireValue = null): WireValue => ({
  klass,
  level,
  formatted: text,
  args,
  dismissed: false,
});

/** One day, in milliseconds. */
export const DAY_MS = 86_400_000;

/** A date before the tests' clock, by milliseconds. */
export const ago = (ms: number): Date => new Date(NOW_MS - ms);

/** The rows of a NAS with one pool. */
export const pool = (row: Record<string, WireValue>): WireValue => [
  {
    name: 'tank',
    status: 'ONLINE',
    healthy: true,
    warning: false,
    size: 100,
    allocated: 50,
    free: 50,
    scan: null,
    topology: NO_VDEVS,
    ...row,
  },
];

/** A job that failed half a day ago. */
export const failedJob = (id: number, method: string, error: string): WireValue => ({
  id,
  method,
  error,
  time_finished: ago(DAY_MS / 2),
});
