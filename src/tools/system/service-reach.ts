/** Who is connected to a service at this moment, and what it serves. What a release does not tell is unknown, never none. */
import { knownCountOf, rawRowsOf } from '../support/rows.ts';
import { gapText, type Part, readPart } from '../support/part.ts';
import { whereTold } from '../support/untold.ts';
import { plural } from '../../output/units.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { TrueNasError } from '../../truenas/errors.ts';

/** Methods that are read here. */
export const REACH_USES = [
  'iscsi.global.sessions',
  'iscsi.targetextent.query',
  'nfs.get_nfs3_clients',
  'nfs.get_nfs4_clients',
  'nvmet.global.sessions',
  'nvmet.namespace.query',
  'sharing.nfs.query',
  'sharing.s3.query',
  'sharing.smb.query',
  'smb.status',
] as const;

/** Connections, and what becomes reachable when the service starts. */
export interface ServiceReach {
  readonly clients: Part<number>;
  readonly shares: Part<number>;
}

interface Source {
  readonly clients?: (nas: ReadClient) => Promise<number>;
  readonly shares?: (nas: ReadClient) => Promise<number>;
}

/** Rows of these reads together. */
const rows =
  (...reads: readonly (readonly [method: string, params: readonly unknown[]])[]) =>
  async (nas: ReadClient): Promise<number> => {
    const counts = await Promise.all(
      reads.map(async ([method, params]) => rawRowsOf(await nas.call(method, params)).length),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  };

const counted =
  (method: string, hasSwitch: boolean) =>
  async (nas: ReadClient): Promise<number> =>
    knownCountOf(
      await nas.call(
        method,
        query({ count: true, ...(hasSwitch ? { filters: [['enabled', '=', true]] } : {}) }),
      ),
    );

const SOURCES: Readonly<Record<string, Source>> = {
  cifs: { clients: rows(['smb.status', ['SESSIONS']]), shares: counted('sharing.smb.query', true) },
  nfs: {
    clients: rows(['nfs.get_nfs3_clients', []], ['nfs.get_nfs4_clients', []]),
    shares: counted('sharing.nfs.query', true),
  },
  iscsitarget: {
    clients: rows(['iscsi.global.sessions', []]),
    shares: counted('iscsi.targetextent.query', false),
  },
  nvmet: { clients: rows(['nvmet.global.sessions', []]), shares: counted('nvmet.namespace.query', false) },
  s3: { shares: counted('sharing.s3.query', true) },
};

/** Reads both; each that fails is a gap. */
export async function serviceReach(nas: ReadClient, service: string): Promise<ServiceReach> {
  const source = Object.hasOwn(SOURCES, service) ? SOURCES[service] : undefined;
  const part = (read: Source['clients']): Promise<Part<number>> =>
    readPart(nas, (limited) => {
      if (read === undefined) throw untold();
      return whereTold(limited, `who is connected over ${PROTOCOLS[service] ?? service}`, () =>
        read(limited),
      );
    });
  const [clients, shares] = await Promise.all([part(source?.clients), part(source?.shares)]);
  return { clients, shares };
}

/** Services whose name is not that of what they speak. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  cifs: 'SMB',
  iscsitarget: 'iSCSI',
  nfs: 'NFS',
  nvmet: 'NVMe-oF',
};

function untold(): TrueNasError {
  return new TrueNasError('call', {
    summary: 'the NAS does not tell for this service',
    nextStep: 'Ask the people who use it.',
  });
}

/** The facts that the judgement goes by; absent where unknown. */
export function reachFacts({ clients, shares }: ServiceReach): Readonly<Record<string, unknown>> {
  return {
    ...('value' in clients ? { clients: clients.value } : {}),
    ...('value' in shares ? { shares: shares.value } : {}),
  };
}

/** Both in words. */
export function reachLines({ clients, shares }: ServiceReach): string[] {
  return [
    `clients connected now: ${partText(clients, 'client')}`,
    ...('value' in shares
      ? [`it serves ${plural(shares.value, 'share or volume', 'shares or volumes')}`]
      : []),
  ];
}

function partText(part: Part<number>, noun: string): string {
  if ('gap' in part) return `UNKNOWN, ${gapText(part) ?? ''}`;
  return part.value === 0 ? 'none' : plural(part.value, noun);
}
