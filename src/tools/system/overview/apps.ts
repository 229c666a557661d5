/** Apps that have crashed. */
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import type { Finding } from './finding.ts';
import { callText, firstFew, type Subject, withState } from './subject.ts';

const APP = { name: field.text, state: field.text, upgrade_available: field.flag };

/** The states of an app of every release. */
const STATES: ReadonlySet<string> = new Set(['CRASHED', 'DEPLOYING', 'RUNNING', 'STOPPED', 'STOPPING']);

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
          next: callText('call_api_read', {
            method: 'app.query',
            ...(row.name === null ? {} : { filters: [['name', '=', row.name]] }),
          }),
        }),
      );
    const updates = rows.filter((row) => row.upgrade_available === true).length;
    const unknown = rows.filter(({ state }) => state === null || !STATES.has(state));
    return {
      findings,
      summary: `${plural(rows.length, 'app')}${updates > 0 ? ` (${plural(updates, 'update')})` : ''}`,
      unknown:
        unknown.length === 0 ? [] : [firstFew(unknown.map((row) => withState(nameOf(row), row.state)))],
    };
  },
};
