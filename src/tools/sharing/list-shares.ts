import * as z from 'zod';
import { safeCell } from '../../output/untrusted.ts';
import { type Columns, defineList } from '../define-list.ts';
import { optionalName } from '../support/inputs.ts';
import { pageHere } from '../support/list-reading.ts';
import { gapText, valueOr } from '../support/part.ts';
import { countUnread, readShares, SHARE_SOURCES } from './read-shares.ts';
import { stoppedServices } from './service.ts';
import { KIND_SYNONYMS, SHARE_KINDS, type Share, type UnreadFact } from './share.ts';

const COLUMNS: Columns<Share> = {
  kind: { type: 'text', sort: 'asc' },
  name: { type: 'text', maxLength: 80, sort: 'asc' },
  path: { type: 'text', sort: 'asc' },
  enabled: { type: 'flag' },
  readonly: { type: 'flag', isOnDemand: true },
  locked: { type: 'flag', isOnDemand: true },
  clients: { type: 'text' },
  comment: { type: 'text', maxLength: 80 },
  id: { type: 'number', isOnDemand: true },
};

/** All shares in one table. They are merged from several services, so they are filtered and paged here. */
export const listShares = defineList({
  name: 'list_shares',
  toolset: 'sharing',
  title: 'List shares',
  words: 'exports samba windows network folder target bucket',
  description: 'SMB, NFS, iSCSI, NVMe-oF and S3 shares: path, state, who may connect.',
  noun: 'shares',
  filters: {
    kind: z.enum(SHARE_KINDS).optional(),
    name: z.string().optional().describe('part of name or path'),
    pool: z.string().optional(),
    enabled: z.boolean().optional(),
  },
  columns: COLUMNS,
  carriesFreeText: true,
  synonyms: { kind: KIND_SYNONYMS },
  uses: [...SHARE_SOURCES.flatMap((source) => source.listUses), 'service.query'],
  mayLack: [
    { method: 'service.query' },
    ...SHARE_SOURCES.flatMap(({ listUses }) => listUses.map((method) => ({ method }))),
  ],
  examples: [
    { args: {}, why: 'every kind' },
    { args: { kind: 'nvmeof' }, why: 'a kind that 25.04 lacks' },
    { args: { kind: 'smb', name: 'media', pool: 'tank', enabled: true, sort: 'path' }, why: 'every filter' },
  ],
  async read(nas, question) {
    const { kind, name = '', enabled } = question.input;
    const { shares, unread, gaps } = await readShares(nas, kind);
    const pool = optionalName(question.input.pool);
    const isMeant = (share: Share): boolean =>
      hasPart(share, name) &&
      (pool === undefined || poolOf(share) === pool) &&
      (enabled === undefined || share.enabled === enabled);
    const matching = shares.filter(isMeant);
    const others = shares.filter((share) => !isMeant(share));
    const listed = SHARE_SOURCES.filter((source) =>
      matching.some((share) => share.kind === source.kind && share.enabled !== false),
    );
    const stopped = await stoppedServices(nas, listed);
    return {
      ...pageHere(question, matching),
      // A share on a locked dataset is enabled and yet not there; where none is, the column would say nothing.
      worthShowing: matching.some((share) => share.locked === true) ? ['locked'] : [],
      notes: [
        ...(matching.length === 0 && pool !== undefined ? elsewhere(shares, pool) : []),
        ...(unread.length > 0 ? [`NOT READ, so not listed: ${unread.join('; ')}`] : []),
        ...gaps,
        ...undecided(others, {
          ...(name.trim() === '' ? {} : { name: true, path: true }),
          ...(pool === undefined ? {} : { path: true }),
          ...(enabled === undefined ? {} : { state: true }),
        }),
        ...('gap' in stopped ? [`whether the services run ${gapText(stopped)}`] : []),
        ...(valueOr(stopped, []).length > 0
          ? [`NOT REACHABLE, as the service does not run: ${valueOr(stopped, []).join(', ')}`]
          : []),
      ],
    };
  },
});

/** True when name or path has this part; of a volume's path as TrueNAS writes it, too. */
function hasPart({ name, path }: Share, wanted: string): boolean {
  const part = wanted
    .trim()
    .replace(/^\/dev\//u, '')
    .replace(/\/+$/u, '')
    .toLowerCase();
  const text = `${name ?? ''}\n${path ?? ''}`.toLowerCase();
  return text.includes(part) || (/^zvol\//u.test(path ?? '') && text.includes(part.replaceAll('+', ' ')));
}

/** Shares that a filter left out only because the fact it looks at could not be read. */
function undecided(others: readonly Share[], asked: Partial<Record<UnreadFact, true>>): string[] {
  const count = countUnread(others, Object.keys(asked) as UnreadFact[]);
  if (count === 0) return [];
  return [`(${count} more may match: their name, path or state could not be read)`];
}

/** The pool that a share is on: `/mnt/tank/media` and `zvol/tank/vm` are on `tank`. */
function poolOf({ path }: Share): string | undefined {
  return /^(?:\/mnt|(?:\/dev\/)?zvol)\/([^/]+)/u.exec(path ?? '')?.[1];
}

/** An empty list must not hide a mistyped pool. */
function elsewhere(shares: readonly Share[], pool: string): string[] {
  const pools = [...new Set(shares.flatMap((share) => poolOf(share) ?? []))].toSorted();
  if (pools.length === 0 || pools.includes(pool)) return [];
  return [
    `(there are shares on ${pools
      .slice(0, 8)
      .map((name) => safeCell(name, 60))
      .join(', ')})`,
  ];
}
