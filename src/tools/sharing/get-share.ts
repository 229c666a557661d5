import * as z from 'zod';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { factLines } from '../../output/table.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineTool } from '../define.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { factsOutput } from '../support/outputs.ts';
import { countUnread, readShares, SHARE_SOURCES, type SharesRead } from './read-shares.ts';
import { serviceState } from './service.ts';
import { decodedPath, KIND_SYNONYMS, SHARE_KINDS, type Share, type ShareSource } from './share.ts';

/** One share, and whom it is exposed to. */
export const getShare = defineTool({
  name: 'get_share',
  toolset: 'sharing',
  title: 'Get share',
  words: 'export samba windows who may connect exposed access guest',
  description:
    'One share in detail: whom it is exposed to (hosts, networks, guests, initiators, keys), read-only, service state.',
  input: z.strictObject({
    share: z.string().describe('name, path or id'),
    kind: z.enum(SHARE_KINDS).optional(),
  }),
  output: factsOutput,
  carriesFreeText: true,
  synonyms: { kind: KIND_SYNONYMS },
  uses: [
    ...new Set(SHARE_SOURCES.flatMap((source) => [...source.listUses, ...source.detailUses])),
    'service.query',
  ],
  mayLack: [
    ...SHARE_SOURCES.flatMap(({ detailUses: [, ...parts] }) => parts.map((method) => ({ method }))),
    { method: 'service.query' },
  ],
  examples: [
    { args: { share: 'media' }, why: 'an SMB share by name' },
    { args: { share: '/mnt/tank/iso' }, why: 'an NFS export by path' },
    { args: { share: 'esx' }, why: 'an iSCSI target' },
    { args: { share: 'db', kind: 'nvmeof' }, why: 'an NVMe-oF subsystem' },
    { args: { share: 'installers', kind: 's3' }, why: 'an S3 bucket' },
    { args: { share: '1', kind: 'nfs' }, why: 'an id' },
    { args: { share: 'documents', kind: 'webdav' }, why: 'a WebDAV share, which CORE has' },
    { args: { share: 'nothing' }, why: 'a share that is not there' },
  ],
  async run(nas, input) {
    const { share, source, id } = await findShare(nas, input.share, input.kind);
    const [facts, service] = await Promise.all([
      source.detail(nas, id),
      readPart(nas, (limited) => serviceState(limited, source.service)),
    ]);
    if (facts === undefined)
      throw new InputProblem('share', 'names a share whose details could not be read', 'see list_shares');
    const lines = [...facts, ['service', gapText(service) ?? valueOr(service, undefined)] as const];
    const name = safeCell(share.name ?? '-');
    return {
      text: [`${source.title} share ${name} (id ${id})`, ...factLines(lines)].join('\n'),
      data: {
        kind: share.kind,
        id,
        name,
        facts: Object.fromEntries(lines.filter(([, value]) => value !== undefined)),
      },
    };
  },
});

/** A share, and how its kind is read. */
export interface FoundShare {
  readonly share: Share;
  readonly source: ShareSource;
  readonly id: number;
  /** Kinds, parts and shares that could not be read: one of them may be called the same. */
  readonly unread: readonly string[];
}

/** The share of this name, path or id. @throws InputProblem when there is none, or more than one */
export async function findShare(
  nas: ReadClient,
  wanted: string,
  kind: Share['kind'] | undefined,
): Promise<FoundShare> {
  const all = await readShares(nas, kind);
  const share = theOne(wanted.trim(), all);
  const source = SHARE_SOURCES.find((each) => each.kind === share.kind);
  if (source === undefined || share.id === null)
    throw new InputProblem('share', 'names a share whose id could not be read', 'list_shares shows the rest');
  return { share, source, id: share.id, unread: gapsIn(all) };
}

/**
 * The share that is meant: by name (any case) or path first, by id when nothing has that name.
 * @throws InputProblem when there is none, or more than one.
 */
function theOne(wanted: string, found: SharesRead): Share {
  const { shares } = found;
  const lower = wanted.toLowerCase();
  const paths = pathsMeant(wanted);
  const byName = shares.filter(
    (share) => share.name?.toLowerCase() === lower || (share.path !== null && paths.has(bare(share.path))),
  );
  // On a NAS with `Media` and `media` one is meant.
  const byExactName = byName.filter((share) => share.name === wanted);
  const named = byExactName.length > 0 ? byExactName : byName;
  const matches = distinct(named.length > 0 ? named : shares.filter((share) => String(share.id) === wanted));
  const [only, ...others] = matches;
  if (only === undefined) {
    const names = shares
      .flatMap((share) => [share.name ?? [], share.path ?? []].flat())
      .map((name) => safeCell(name));
    const hint = didYouMean(nearNames(wanted, names)) ?? 'list_shares shows them all';
    const next = [hint, ...gapsIn(found)].join('; ');
    throw new InputProblem('share', `names no share: ${JSON.stringify(safeCell(wanted))}`, next);
  }
  if (others.length > 0) {
    const list = matches.map(
      (share) =>
        `{"share":"${share.id}","kind":"${share.kind}"} (${safeCell(share.path ?? share.name ?? '-')})`,
    );
    throw new InputProblem(
      'share',
      `names ${matches.length} shares`,
      `say which: ${list.slice(0, 6).join(', ')}`,
    );
  }
  return only;
}

/** A path without what people write before and after it, or leave out. */
function bare(path: string): string {
  return path.replace(/^\/dev\//u, '').replace(/^\/+|\/+$/gu, '');
}

/** The paths that may be meant: `tank/media` is the directory or the volume, a `+` in a volume's path a space. */
function pathsMeant(wanted: string): ReadonlySet<string> {
  const path = bare(wanted);
  return new Set([path, `mnt/${path}`, `zvol/${path}`].map((each) => decodedPath(each) ?? each));
}

/** What was not read, and may be the share that was not found. */
function gapsIn({ shares, unread, gaps }: SharesRead): string[] {
  const count = countUnread(shares, ['id', 'name', 'path']);
  return [
    ...(unread.length > 0 ? [`not read: ${unread.join('; ')}`] : []),
    ...(count > 0 ? [`${count} ${count === 1 ? 'share' : 'shares'} could not be read`] : []),
    ...gaps,
  ];
}

/** Several LUNs of one target are one share here. */
function distinct(shares: readonly Share[]): Share[] {
  return [...new Map(shares.map((share) => [`${share.kind} ${share.id}`, share])).values()];
}
