/** Alerts as findings, with the identity of what they are about where TrueNAS names it. */
import { formatAge } from '../../../output/time.ts';
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { rowsOf } from '../../support/rows.ts';
import { type Alert, alertRow, alertText, isActive, isOfOtherNode, severityOf } from '../alerts.ts';
import type { Finding, Trouble } from './finding.ts';
import { BOOT_POOL } from './pools.ts';
import { QUOTE_LENGTH, type Subject } from './subject.ts';

export const alerts: Subject = {
  name: 'alerts',
  uses: ['alert.list'],
  async read({ nas, nowMs }) {
    const all = rowsOf(await nas.call('alert.list', []), alertRow);
    const active = all.filter(isActive);
    const dismissed = all.length - active.length;
    const hasUpdate = active.some(({ klass }) => klass === 'HasUpdate');
    const words = [
      `${plural(active.length, 'active alert')}${dismissed > 0 ? ` (${dismissed} dismissed)` : ''}`,
      ...(hasUpdate ? ['an update is available'] : []),
    ];
    return {
      findings: active.flatMap((alert) => findingOf(alert, nowMs)),
      summary: words.join(', '),
      unknown: all.flatMap(({ level, klass }) =>
        level === null ? [`level of ${safeCell(klass ?? 'an alert', 40)}`] : [],
      ),
    };
  },
};

function findingOf(alert: Alert, nowMs: number): Finding[] {
  const level = severityOf(alert.level);
  if (level === 'NOTICE') return [];
  const age = alert.datetime === null ? '' : ` (${formatAge(alert.datetime, nowMs)})`;
  const text = safeCell(alertText(alert), QUOTE_LENGTH);
  return [{ level, text: `alert ${text}${age}`, next: 'list_alerts', ...subjectOf(alert) }];
}

/** By class: what is wrong, and where the arguments name the thing. Classes that are not here repeat nothing. */
const SUBJECTS: Readonly<
  Record<string, { readonly trouble: Trouble; readonly of: (args: AlertArgs) => string | undefined }>
> = {
  VolumeStatus: { trouble: 'state', of: ofPool },
  BootPoolStatus: { trouble: 'state', of: () => BOOT_POOL },
  ZpoolCapacityNotice: { trouble: 'space', of: ofPool },
  ZpoolCapacityWarning: { trouble: 'space', of: ofPool },
  ZpoolCapacityCritical: { trouble: 'space', of: ofPool },
  SnapshotFailed: { trouble: 'failed', of: ofTask('snapshot') },
  ReplicationFailed: { trouble: 'failed', of: ofTask('replication') },
  CloudSyncTaskFailed: { trouble: 'failed', of: ofTask('cloud sync') },
};

type AlertArgs = Pick<NonNullable<Alert['args']>, 'id' | 'volume'>;

function ofPool({ volume }: AlertArgs): string | undefined {
  return volume === null ? undefined : `pool:${volume}`;
}

function ofTask(noun: string): (args: AlertArgs) => string | undefined {
  return ({ id }) => (id === null ? undefined : `${noun}:${id}`);
}

/** The other controller's pools and tasks are not ours. */
function subjectOf(alert: Alert): Pick<Finding, 'trouble' | 'about'> {
  const known = SUBJECTS[alert.klass ?? ''];
  if (known === undefined || isOfOtherNode(alert)) return {};
  const about = known.of(alert.args ?? { id: null, volume: null });
  return about === undefined ? {} : { trouble: known.trouble, about: [about] };
}
