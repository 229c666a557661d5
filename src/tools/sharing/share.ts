/** The common form of the kinds of share, so that one table can hold them all. */
import type { ReadClient } from '../../truenas/client.ts';
import { TrueNasError } from '../../truenas/errors.ts';
import { type QueryParts, query } from '../../truenas/query.ts';
import { gapText, type Part, readPart } from '../support/part.ts';
import { type Fields, field, type RowOf, rowsOf } from '../support/rows.ts';

/** Kinds of share. */
export const SHARE_KINDS = ['smb', 'nfs', 'iscsi', 'nvmeof', 's3', 'afp', 'webdav'] as const;
/** What people call the kinds besides. */
export const KIND_SYNONYMS = {
  cifs: 'smb',
  samba: 'smb',
  iscsitarget: 'iscsi',
  nvmet: 'nvmeof',
  'nvme-of': 'nvmeof',
  nvme: 'nvmeof',
  bucket: 's3',
  netatalk: 'afp',
  dav: 'webdav',
};
export type ShareKind = (typeof SHARE_KINDS)[number];

/** What is not known of a share, though every share has it. */
export type UnreadFact = 'id' | 'name' | 'path' | 'state';

/** One share: an SMB, NFS, AFP or WebDAV export, a LUN of an iSCSI target, a namespace of an NVMe-oF subsystem, an S3 bucket. */
export interface Share {
  readonly kind: ShareKind;
  /** The id of the share, target, subsystem or bucket. */
  readonly id: number | null;
  readonly name: string | null;
  readonly path: string | null;
  readonly enabled: boolean | null;
  readonly readonly: boolean | null;
  readonly locked: boolean | null;
  /** The clients that may reach it, in a few words. */
  readonly clients: string;
  readonly comment: string | null;
  /** Null here is not "none" but "could not be read". */
  readonly unread: readonly UnreadFact[];
}

/** Names and values of a share's details, in the order shown. */
export type ShareFacts = readonly (readonly [name: string, value: string | undefined])[];

/** The shares of one kind. */
export interface SharesOfKind {
  readonly shares: readonly Share[];
  /** `LUNs of iSCSI could not be read (…)`: parts that the shares lack. */
  readonly gaps: readonly string[];
}

/** Reads the shares of one kind. */
export interface ShareSource {
  readonly kind: ShareKind;
  /** As people call it. */
  readonly title: string;
  /** TrueNAS's name of the service behind it. */
  readonly service: string;
  /** What takes its place on releases without it. */
  readonly instead?: string;
  /** Every method that `list` reads with; the first is the one whose presence on a release means that the kind exists there. */
  readonly listUses: readonly [probe: string, ...parts: string[]];
  readonly detailUses: readonly string[];
  /** All shares of the kind. @throws TrueNasError when the shares themselves cannot be read; their parts become gaps */
  list(nas: ReadClient): Promise<SharesOfKind>;
  /** The details of the share with this id; undefined when the NAS lists it no longer. */
  detail(nas: ReadClient, id: number): Promise<ShareFacts | undefined>;
}

/** Rows read at once. */
const PAGE = 1000;
/** Most rows of one method that are read, ten times what a large NAS has. */
const MAX_ROWS = 50_000;

/**
 * All rows of a query, page by page: one that were missing silently would be "no LUN", or an initiator group that lets
 * everybody in.
 * @throws TrueNasError (`too-large`) beyond 50,000 rows
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
  throw new TrueNasError('too-large', {
    summary: `${method} has more than ${MAX_ROWS} rows.`,
    nextStep: 'Look it up in the TrueNAS web interface.',
  });
}

/** As {@link readAllRows}, for a part of an answer. */
export function readRowsPart<Shape extends Fields>(
  nas: ReadClient,
  method: string,
  row: Shape,
  parts: QueryParts = {},
): Promise<Part<RowOf<Shape>[]>> {
  return readPart(nas, (limited) => readAllRows(limited, method, row, parts));
}

/** `LUNs of iSCSI could not be read (…)`, for those of the parts of which it is so. */
export function gapsOf(title: string, parts: Readonly<Record<string, Part<unknown>>>): string[] {
  return Object.entries(parts).flatMap(([name, part]) => {
    const gap = gapText(part);
    return gap === undefined ? [] : [`${name} of ${title} ${gap}`];
  });
}

/** Beyond this no id was ever given, and no number holds it exactly. */
export function shareId(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

/** Longer than any name that TrueNAS takes for a share, target or bucket. */
const MAX_NAME = 512;
/** The longest path of Linux. */
const MAX_PATH = 4096;

/** A name; null also for a text that can be none. */
export function shareName(value: unknown): string | null {
  return typeof value === 'string' && value.length <= MAX_NAME ? field.text(value) : null;
}

/** A path; null also for a text that can be none. That of a volume is decoded, see {@link decodedPath}. */
export function sharePath(value: unknown): string | null {
  return typeof value === 'string' && value.length <= MAX_PATH ? decodedPath(field.text(value)) : null;
}

/**
 * The path of a volume as its dataset is called: TrueNAS writes a space in a device path as `+`, and a name cannot hold a
 * plus sign.
 */
export function decodedPath(path: string | null): string | null {
  if (path === null) return null;
  return /^(?:\/dev\/)?zvol\//u.test(path) ? path.replaceAll('+', ' ') : path;
}

/** The facts that every share has and this one lacks. */
export function unreadFacts({
  id,
  name,
  path,
  enabled,
}: Pick<Share, 'id' | 'name' | 'path' | 'enabled'>): UnreadFact[] {
  return [
    ...(id === null ? (['id'] as const) : []),
    ...(name === null ? (['name'] as const) : []),
    ...(path === null ? (['path'] as const) : []),
    ...(enabled === null ? (['state'] as const) : []),
  ];
}
