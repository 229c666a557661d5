/** What stands against an upgrade. */
import type { WireValue } from '../../src/truenas/client.ts';
import { config } from './exposure.ts';
import { rowsOf, type Trouble } from './trouble.ts';

const of = (id: string, args: Record<string, unknown>, more: Partial<Trouble> = {}): Trouble => ({
  id: `upgrade.${id}`,
  tool: 'upgrade_check',
  args,
  ...more,
});
/** The part alone; another part does not have the trouble. */
const inPart = (id: string, part: string, more: Partial<Trouble> = {}): Trouble =>
  of(id, { part }, more.answers === undefined ? { without: { part: 'version' }, ...more } : more);
/** On the way into that release; without a target the NAS offers none that far. */
const into = (
  id: string,
  target: string,
  part: string,
  on: readonly ('25.04' | '25.10' | '27.0')[],
  more: Partial<Trouble> = {},
): Trouble =>
  of(
    id,
    { target, part },
    { on, ...(more.answers === undefined ? { without: { target: '25.04', part } } : {}), ...more },
  );

const rows =
  (method: string, found: WireValue[]) =>
  (asked: string, answer: WireValue): WireValue =>
    asked === method ? found : answer;

export const UPGRADE_TROUBLES_MADE: readonly Trouble[] = [
  inPart('pool_unhealthy', 'pools'),
  inPart('scan_running', 'pools'),
  inPart('boot_unhealthy', 'boot', { answers: config('boot.get_state', { healthy: false }) }),
  inPart('boot_space', 'boot', { answers: config('boot.get_state', { free: 3 * 1024 ** 3 }) }),
  inPart('jobs_running', 'jobs', {
    answers: rows('core.get_jobs', [{ method: 'replication.run' }]),
    without: { part: 'boot' },
  }),
  inPart('critical_alerts', 'alerts'),
  inPart('app_broken', 'apps'),
  inPart('vms_run', 'vms'),
  of(
    'prerelease',
    { target: '27.0.0-RC.1', part: 'version' },
    { without: { target: '27.0.0', part: 'version' } },
  ),
  of('not_offered', { target: '28.0', part: 'version' }, { without: { part: 'version' } }),
  into('instances', '27.0', 'instances', ['25.04', '25.10']),
  into('smb1', '27.0', 'smb1', ['25.04', '25.10'], { answers: config('smb.config', { enable_smb1: true }) }),
  into('smart_tests', '25.10', 'smart', ['25.04']),
  into('rest_api', '27.0', 'alerts', ['25.04', '25.10'], {
    answers: rowsOf('alert.list', (row) => ({
      ...row,
      formatted: 'The deprecated REST API was used by 192.0.2.9',
    })),
  }),
  into('plain_keys', '27.0', 'keys', ['25.04', '25.10']),
  into('replication_never_fires', '26.0.0-BETA.3', 'replication', ['25.04', '25.10'], {
    answers: rowsOf('replication.query', (row) => ({ ...row, enabled: true, auto: true })),
    without: { target: '27.0', part: 'replication' },
  }),
];
