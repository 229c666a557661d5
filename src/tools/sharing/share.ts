/** The common form of the four kinds of share, so that one table can hold them all. */
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { TrueNasError } from '../../truenas/errors.ts';
import { type QueryParts, query } from '../../truenas/query.ts';
import { type Part, readPart } from '../support/part.ts';
import { type Fields, field, type RowOf, rowsOf } from '../support/rows.ts';

/** Kinds of share. */
export const SHARE_KINDS = ['smb', 'nfs', 'iscsi', 'nvmeof'] as const;
/** What people call the kinds besides. */
export const KIND_SYNONYMS = {
  cifs: 'smb',
  samba: 'smb',
  iscsitarget: 'iscsi',
  nvmet: 'nvmeof',
  'nvme-of': 'nvmeof',
  nvme: 'nvmeof',
};
export type ShareKind = (typeof SHARE_KINDS)[number];

/** One share: an SMB or NFS export, a LUN of an iSCSI target, a namespace of an NVMe-oF subsystem. */
export interface Share {
  readonly kind: ShareKind;
  /** The id of the share, target or subsystem. */
  readonly id: number | null;
  readonly name: string | null;
  readonly path: string | null;
  readonly enabled: boolean | null;
  readonly readonly: boolean | null;
  readonly locked: boolean | null;
  /** The clients that may reach it, in a few words. */
  readonly clients: string;
  readonly comment: string | null;
}

/** Names and values of a share's details, in the order shown. */
export type ShareFacts = readonly (readonly [name: string, value: string | undefined])[];

/** Reads the shares of one kind. */
export interface ShareSource {
  readonly kind: ShareKind;
  /** As people call it. */
  readonly title: string;
  /** TrueNAS's name of the service behind it. */
  readonly service: string;
  readonly listUses: readonly string[];
  readonly detailUses: readonly string[];
  /** The method whose presence on a release means that the kind exists there. */
  readonly probe: string;
  /** All shares of the kind. */
  list(nas: ReadClient): Promise<Share[]>;
  /** The details of the share with this id. */
  detail(nas: ReadClient, id: number): Promise<ShareFacts>;
}

/** Rows read at once. */
const PAGE = 1000;
/** Most rows of one method that are read, ten times what a large NAS has. */
const MAX_ROWS = 50_000;

/**
 * All rows of a query, page by page: one that were missing silently would be "no LUN", or an initiator group that lets
 * everybody in.
 * @throws TrueNasError (`odd-answer`) beyond 50,000 rows
 */
export async function readAllRows<Shape extends Fields>(
  nas: ReadClient,
  method: string,
  row: Shape,
  parts: QueryParts = {},
): Promise<RowOf<Shape>[]> {
  const rows: RowOf<Shape>[] = [];
  for (let offset = 0; offset < MAX_ROWS; offset += PAGE) {
    const page = { select: Object.keys(row), orderBy: ['id'], limit: PAGE, offset };
    const found = rowsOf(await nas.call(method, query({ ...page, ...parts })), row);
    rows.push(...found);
    if (found.length < PAGE) return rows;
  }
  throw new TrueNasError('odd-answer', {
    summary: `${method} has more than ${MAX_ROWS} rows.`,
    nextStep: 'Look it up in the TrueNAS web interface.',
  });
}

/**
 * The path of a volume as its dataset is called: TrueNAS writes a space in a device path as `+`, and a name cannot hold a
 * plus sign.
 */
export function decodedPath(path: string | null | undefined): string | null {
  if (path === null || path === undefined) return null;
  return /^(?:\/dev\/)?zvol\//u.test(path) ? path.replaceAll('+', ' ') : path;
}

/** `any`, or the entries, at most `max` of them. */
export function clientsText(entries: readonly string[], nobody = 'any', max = 4): string {
  if (entries.length === 0) return nobody;
  const shown = entries.slice(0, max).map((entry) => safeCell(entry, 60));
  return `${shown.join(', ')}${entries.length > max ? `, … (${entries.length})` : ''}`;
}

/** What an access list says that is not understood: who may connect is then not known, and least of all "any". */
export const UNKNOWN_CLIENTS = 'UNKNOWN, the list could not be read';

/**
 * A list that says who may connect. Only an empty one lets everybody in; one that is absent, null or odd is undefined, which
 * {@link accessText} shows as unknown.
 */
export function accessList(value: unknown): string[] | undefined {
  return field.texts(value) ?? undefined;
}

/** As {@link clientsText}, of a list that may not be known. */
export function accessText(entries: readonly string[] | undefined, nobody = 'any', max = 4): string {
  return entries === undefined ? UNKNOWN_CLIENTS : clientsText(entries, nobody, max);
}

/** `yes`, `no`, or nothing when the NAS does not say. */
export function yesNo(flag: boolean | null | undefined): string | undefined {
  return flag === null || flag === undefined ? undefined : flag ? 'yes' : 'no';
}

const SERVICE = { state: field.text, enable: field.flag };

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
    const rows = rowsOf(await limited.call('service.query', parameters), SERVICE_STATE);
    return sources.flatMap(({ title, service }) => {
      const state = rows.find((row) => row.service === service)?.state ?? 'UNKNOWN';
      return state === 'RUNNING' ? [] : [`${title} (${service} ${state})`];
    });
  });
}

const SERVICE_STATE = { service: field.text, state: field.text };

/** `RUNNING, starts at boot`: a share is reachable only while its service runs. */
export async function serviceState(nas: ReadClient, service: string): Promise<string | undefined> {
  const parameters = query({ filters: [['service', '=', service]], select: ['state', 'enable'] });
  const [row] = rowsOf(await nas.call('service.query', parameters), SERVICE);
  if (row === undefined) return undefined;
  return `${row.state ?? 'UNKNOWN'}${row.enable === true ? ', starts at boot' : row.enable === false ? ', not started at boot' : ''}`;
}
