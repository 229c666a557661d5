/** Alerts that were raised. Those that went again are not kept by the NAS. */
import { safeCell } from '../../../output/untrusted.ts';
import { rowsOf } from '../../support/rows.ts';
import { alertRow, alertText, isActive, severityOf } from '../alerts.ts';
import { isWithin, type Source } from './period.ts';

export const ALERTS: Source = {
  noun: 'alerts',
  uses: ['alert.list'],
  async read(nas, period) {
    const alerts = rowsOf(await nas.call('alert.list', []), alertRow);
    return {
      happenings: alerts
        .filter(({ datetime }) => isWithin(datetime, period))
        .map((alert) => ({
          sort: 'alert' as const,
          atMs: alert.datetime,
          who: null,
          what: safeCell(alertText(alert), 120),
          result: `${alert.level === null ? 'UNKNOWN' : severityOf(alert.level)}${isActive(alert) ? '' : ', dismissed'}`,
        })),
    };
  },
};
