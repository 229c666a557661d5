import { safeCell } from '../../../output/untrusted.ts';
import { query } from '../../../truenas/query.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { type ExposedPart, MAX_THINGS } from './exposed-part.ts';

/** Ports of running apps that are open on every address. */
export const apps: ExposedPart = {
  title: 'apps',
  uses: ['app.query'],
  async read(nas) {
    const shape = { name: field.text, state: field.text, active_workloads: PORTS };
    const parameters = query({
      select: ['name', 'state', 'active_workloads'],
      orderBy: ['name'],
      limit: MAX_THINGS,
    });
    return rowsOf(await nas.call('app.query', parameters), shape).map(
      ({ name, state, active_workloads: used }) => {
        const hosts = used?.used_ports?.map(({ host_ports: ports }) => ports);
        const isKnown =
          hosts?.every((ports) => ports?.every(({ host_ip: ip }) => ip !== null) === true) === true;
        const open =
          hosts
            ?.flatMap((ports) => ports ?? [])
            .filter(({ host_ip: ip }) => ip === '0.0.0.0' || ip === '::') ?? [];
        const numbers = [...new Set(open.flatMap(({ host_port: port }) => port ?? []))];
        return {
          id: 'app_ports',
          about: `app ${safeCell(name ?? '?', 60)}`,
          evidence: numbers.slice(0, 6).join(', '),
          conditions: [
            state === null ? null : state === 'RUNNING',
            open.length > 0 ? true : isKnown ? false : null,
          ],
        };
      },
    );
  },
};

const PORTS = field.object({
  used_ports: field.objects({
    protocol: field.text,
    host_ports: field.objects({ host_port: field.number, host_ip: field.text }),
  }),
});
