/** Why clients do not see, reach or write to a share. */
import { judgeShare } from '../../../findings/share.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { isTrueNasError } from '../../../truenas/errors.ts';
import { query } from '../../../truenas/query.ts';
import { UNKNOWN } from '../../sharing/access.ts';
import { findShare, type FoundShare } from '../../sharing/get-share.ts';
import { SHARE_SOURCES } from '../../sharing/read-shares.ts';
import { datasetName } from '../../support/inputs.ts';
import { gapText, type Part, readPart, valueOr } from '../../support/part.ts';
import { datasetAt } from '../../support/path-place.ts';
import { field, objectOf, oddAnswer, rowsOf } from '../../support/rows.ts';
import { some, type Subject } from './subject.ts';

const SERVICE = { service: field.text, state: field.text, enable: field.flag };

export const share: Subject = {
  uses: [
    ...new Set(SHARE_SOURCES.flatMap(({ listUses, detailUses }) => [...listUses, ...detailUses])),
    'service.query',
    'filesystem.stat',
    'pool.dataset.query',
    'network.configuration.config',
    'interface.query',
  ],
  async diagnose({ nas }, name) {
    const found = await findShare(nas, name, undefined);
    const { share: row, source, id } = found;
    const isSmb = row.kind === 'smb';
    const [service, there, dataset, details, announced, addresses] = await Promise.all([
      readPart(nas, (limited) => serviceOf(limited, source.service)),
      readPart(nas, (limited) => isThere(limited, row.path)),
      readPart(nas, (limited) => datasetOf(limited, row.path)),
      readPart(nas, (limited) => source.detail(limited, id)),
      isSmb ? readPart(nas, isAnnounced) : undefined,
      readPart(nas, addressesOf),
    ]);
    const facts = new Map(valueOr(details, undefined) ?? []);
    const label = `${source.title} share ${safeCell(row.name ?? row.path ?? '-', 80)}`;
    const hosts = facts.get('hosts allowed') ?? facts.get('hosts');
    const isLocked = row.locked ?? valueOr(dataset, undefined)?.locked ?? null;
    return {
      headline: `${label}, ${row.path === null ? 'path not known' : safeCell(row.path, 120)}`,
      findings: judgeShare({
        label,
        isEnabled: row.enabled,
        enabling:
          isSmb || row.kind === 'nfs' ? { share: String(id), kind: row.kind, enabled: true } : undefined,
        service: serviceFacts(service, source.service),
        path: row.path === null ? undefined : safeCell(row.path, 120),
        isPathThere: valueOr(there, undefined),
        isLocked,
        dataset: valueOr(dataset, undefined)?.id,
        isReadonly: row.readonly,
        isBrowsable: isSmb ? flagOf(facts.get('browsable')) : undefined,
        isAnnounced: announced === undefined ? undefined : valueOr(announced, null),
        onlyFor: hosts === undefined || hosts === 'any' || hosts.startsWith('UNKNOWN') ? undefined : hosts,
      }),
      unjudged: [
        ...unjudgedOf(found, { service, there, dataset, details, announced, addresses }, isLocked),
        ...[...facts].flatMap(([fact, text]) => some(text?.includes(UNKNOWN) && `${fact}: ${text}`)),
      ],
      lines: [
        ...some('value' in addresses && `the NAS listens at: ${addresses.value.join(', ') || 'no address'}`),
        'permissions of a user: who_can_access',
      ],
    };
  },
};

interface Parts {
  readonly service: Part<Awaited<ReturnType<typeof serviceOf>>>;
  readonly there: Part<boolean | undefined>;
  readonly dataset: Part<unknown>;
  readonly details: Part<unknown>;
  readonly announced: Part<boolean | null> | undefined;
  readonly addresses: Part<readonly string[]>;
}

const PART_NAMES: Readonly<Record<keyof Parts, string>> = {
  service: 'its service',
  there: 'whether its path is there',
  dataset: 'its dataset',
  details: 'who may connect',
  announced: 'whether the NAS is announced to Windows',
  addresses: 'addresses of the NAS',
};

function unjudgedOf({ share: row, unread }: FoundShare, parts: Parts, isLocked: boolean | null): string[] {
  const { service, announced, details } = parts;
  const state = valueOr(service, undefined);
  const gaps = (Object.keys(PART_NAMES) as (keyof Parts)[]).flatMap((key) => {
    const part = parts[key];
    const gap = part === undefined ? undefined : gapText(part);
    return gap === undefined ? [] : [`${PART_NAMES[key]} ${gap}`];
  });
  return [
    ...unread.map((text) => `other shares: ${text}`),
    ...gaps,
    ...some(row.enabled === null && 'whether it is enabled'),
    ...some(row.path === null && 'its path'),
    ...some(
      isLocked === null && (row.kind === 'smb' || row.kind === 'nfs') && 'whether its dataset is locked',
    ),
    ...some('value' in service && (state?.state ?? null) === null && 'state of its service'),
    ...some(state?.enable === null && 'whether its service starts with the NAS'),
    ...some('value' in details && details.value === undefined && 'who may connect'),
    ...some(announced !== undefined && valueOr(announced, true) === null && 'whether WS-Discovery is on'),
  ];
}

function serviceFacts(part: Part<Awaited<ReturnType<typeof serviceOf>>>, name: string) {
  const row = valueOr(part, undefined);
  return row === undefined ? undefined : { name, state: row.state, atBoot: row.enable };
}

async function serviceOf(nas: ReadClient, service: string) {
  const parameters = query({ filters: [['service', '=', service]], select: Object.keys(SERVICE) });
  return rowsOf(await nas.call('service.query', parameters), SERVICE)[0];
}

/** Undefined for what has no path below /mnt, such as a share of another server or a volume. */
async function isThere(nas: ReadClient, path: string | null): Promise<boolean | undefined> {
  if (path?.startsWith('/mnt/') !== true) return undefined;
  try {
    const { type } = objectOf(await nas.call('filesystem.stat', [path]), { type: field.text });
    if (type === null) throw oddAnswer(type, 'what the path is');
    return true;
  } catch (error) {
    if (isTrueNasError(error, 'not-found')) return false;
    throw error;
  }
}

async function datasetOf(nas: ReadClient, path: string | null) {
  if (path?.startsWith('/mnt/') !== true) return undefined;
  const row = await datasetAt(nas, `/mnt/${datasetName(path)}`);
  return row === undefined ? undefined : { id: safeCell(row.id, 100), locked: row.locked };
}

const GLOBAL = { service_announcement: field.object({ wsd: field.flag }) };

async function isAnnounced(nas: ReadClient): Promise<boolean | null> {
  const settings = objectOf(await nas.call('network.configuration.config', []), GLOBAL);
  return settings.service_announcement?.wsd ?? null;
}

const INTERFACE = {
  name: field.text,
  state: field.object({
    link_state: field.text,
    aliases: field.list({ type: field.text, address: field.text }),
  }),
};

/** Addresses of interfaces whose link is not down. */
async function addressesOf(nas: ReadClient): Promise<string[]> {
  const rows = rowsOf(
    await nas.call('interface.query', query({ select: Object.keys(INTERFACE) })),
    INTERFACE,
  );
  const addresses = rows
    .filter(({ state }) => state?.link_state !== 'LINK_STATE_DOWN')
    .flatMap(({ state }) => state?.aliases ?? [])
    .flatMap(({ type, address }) => (type === 'INET' || type === 'INET6' ? (address ?? []) : []))
    .filter((address) => !/^fe80:/iu.test(address));
  // CORE shows the address of a bond at its members too.
  return [...new Set(addresses)].slice(0, 8).map((address) => safeCell(address, 50));
}

function flagOf(text: string | undefined): boolean | null {
  if (text === 'yes') return true;
  return text === 'no' ? false : null;
}
