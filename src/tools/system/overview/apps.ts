/** Apps that have crashed. */
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import type { Finding } from './finding.ts';
import { firstFew, type Subject } from './subject.ts';

const APP = { name: field.text, state: field.text, upgrade_available: field.flag };

export const apps: Subject = {
  name: 'apps',
  uses: ['app.query'],
  async read({ nas }) {
    if (!(await nas.has('app.query'))) return { findings: [], summary: '' };
    const parameters = query({ select: Object.keys(APP), orderBy: ['name'] });
    const rows = rowsOf(await nas.call('app.query', parameters), APP);
    if (rows.length === 0) return { findings: [], summary: '' };
    const nameOf = (row: { name: string | null }): string => safeCell(row.name ?? '-', 60);
    const findings = rows
      .filter(({ state }) => state === 'CRASHED')
      .map(
        (row): Finding => ({
          level: 'WARNING',
          text: `app ${nameOf(row)} has crashed`,
          next: `call_api_read ${JSON.stringify({ method: 'app.query', filters: [['name', '=', row.name]] })}`,
        }),
      );
    const updates = rows.filter((row) => row.upgrade_available === true).length;
    const stateless = rows.filter(({ state }) => state === null);
    return {
      findings,
      summary: `${plural(rows.length, 'app')}${updates > 0 ? ` (${plural(updates, 'update')})` : ''}`,
      unknown: stateless.length === 0 ? [] : [firstFew(stateless.map(nameOf))],
    };
  },
};
