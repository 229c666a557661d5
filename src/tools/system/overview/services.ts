/** Services that start at boot and do not run. */
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import type { Finding } from './finding.ts';
import { firstFew, type Subject } from './subject.ts';

const SERVICE = { service: field.text, enable: field.flag, state: field.text };

export const services: Subject = {
  name: 'services',
  uses: ['service.query'],
  async read({ nas }) {
    const parameters = query({ select: Object.keys(SERVICE), orderBy: ['service'] });
    const rows = rowsOf(await nas.call('service.query', parameters), SERVICE);
    const nameOf = (row: { service: string | null }): string => safeCell(row.service ?? '-', 40);
    const findings = rows
      .filter((row) => row.enable === true && row.state !== null && row.state !== 'RUNNING')
      .map(
        (row): Finding => ({
          level: 'WARNING',
          text: `service ${nameOf(row)} starts at boot but is ${row.state}`,
          next: 'list_services',
        }),
      );
    const unknown = rows.filter((row) => row.state === null || row.enable === null);
    const running = rows.filter((row) => row.state === 'RUNNING').length;
    return {
      findings,
      summary: `${plural(running, 'service')} running`,
      unknown: unknown.length === 0 ? [] : [firstFew(unknown.map(nameOf))],
    };
  },
};
