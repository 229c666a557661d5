/** The services behind shares: a share is reachable only while its service runs. */
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { type Part, readPart } from '../support/part.ts';
import { field, rowsOf } from '../support/rows.ts';
import type { ShareSource } from './share.ts';

const SERVICE = { service: field.text, state: field.text, enable: field.flag };

/**
 * `SMB (cifs STOPPED)`: the kinds whose service does not run, so that their shares cannot be reached; also of a service
 * that the NAS does not name.
 */
export async function stoppedServices(
  nas: ReadClient,
  sources: readonly Pick<ShareSource, 'title' | 'service'>[],
): Promise<Part<string[]>> {
  if (sources.length === 0) return { value: [] };
  // All of them: a filter on the name is no cheaper, there are fifteen.
  const parameters = query({ select: ['service', 'state'], orderBy: ['service'] });
  return readPart(nas, async (limited) => {
    const rows = rowsOf(await limited.call('service.query', parameters), SERVICE);
    return sources.flatMap(({ title, service }) => {
      const state = rows.find((row) => row.service === service)?.state ?? 'UNKNOWN';
      return state === 'RUNNING' ? [] : [`${title} (${service} ${state})`];
    });
  });
}

/** `RUNNING, starts at boot`. */
export async function serviceState(nas: ReadClient, service: string): Promise<string> {
  const parameters = query({ filters: [['service', '=', service]], select: ['state', 'enable'] });
  const [row] = rowsOf(await nas.call('service.query', parameters), SERVICE);
  if (row === undefined) return `UNKNOWN, the NAS does not list ${service}`;
  return `${row.state ?? 'UNKNOWN'}${BOOT.get(row.enable) ?? ''}`;
}

const BOOT = new Map<boolean | null, string>([
  [true, ', starts at boot'],
  [false, ', not started at boot'],
]);
