/** Reads shares of several kinds side by side; a kind that cannot be read is named, never silently missing. */
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { gapOf } from '../support/part.ts';
import { afpSource, webdavSource } from './core-shares.ts';
import { iscsiSource } from './iscsi.ts';
import { nfsSource } from './nfs.ts';
import { nvmeofSource } from './nvmeof.ts';
import type { Share, ShareKind, ShareSource, SharesOfKind, UnreadFact } from './share.ts';
import { s3Source } from './s3.ts';
import { smbSource } from './smb.ts';

/** Every kind, in the order of the table. */
export const SHARE_SOURCES: readonly ShareSource[] = [
  smbSource,
  nfsSource,
  iscsiSource,
  nvmeofSource,
  s3Source,
  afpSource,
  webdavSource,
];

/** The shares that could be read, and the kinds that could not. */
export interface SharesRead {
  readonly shares: readonly Share[];
  /** `iSCSI (not allowed for this API key)`. */
  readonly unread: readonly string[];
  /** `LUNs of iSCSI could not be read (…)`: what the shares lack. */
  readonly gaps: readonly string[];
}

/**
 * Shares of the kinds asked for, or of all.
 * @throws TrueNasError when nothing at all could be read.
 * @throws InputProblem when the kind asked for does not exist on this release.
 */
export async function readShares(nas: ReadClient, kind: ShareKind | undefined): Promise<SharesRead> {
  const sources = SHARE_SOURCES.filter((source) => kind === undefined || source.kind === kind);
  const outcomes = await Promise.all(
    sources.map(async (source) => {
      try {
        if (!(await nas.has(source.listUses[0]))) return notOnThisRelease(source, kind);
        return { ...(await source.list(nas)), unread: [] };
      } catch (error) {
        if (!isTrueNasError(error) || error.kind === 'aborted') throw error;
        return { ...NOTHING, unread: [`${source.title} (${gapOf(error).why})`], error };
      }
    }),
  );
  const failed = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  if (failed.length === outcomes.length) throw failed[0];
  return {
    shares: outcomes.flatMap((outcome) => outcome.shares),
    unread: outcomes.flatMap((outcome) => outcome.unread),
    gaps: outcomes.flatMap((outcome) => outcome.gaps),
  };
}

const NOTHING: SharesOfKind = { shares: [], gaps: [] };

/** How many shares lack one of these facts, as it could not be read; several LUNs of one target count once. */
export function countUnread(shares: readonly Share[], facts: readonly UnreadFact[]): number {
  const lacking = shares.filter(({ unread }) => unread.some((fact) => facts.includes(fact)));
  const nameless = lacking.filter(({ id }) => id === null).length;
  const named = new Set(lacking.flatMap(({ kind, id }) => (id === null ? [] : [`${kind} ${id}`])));
  return nameless + named.size;
}

/** A kind that a release does not have is no gap in the answer, unless it was asked for. */
function notOnThisRelease(
  source: ShareSource,
  kind: ShareKind | undefined,
): SharesOfKind & { readonly unread: readonly string[] } {
  if (kind === undefined) return { ...NOTHING, unread: [] };
  throw new InputProblem(
    'kind',
    `names shares that this release of TrueNAS does not have: ${source.title}`,
    source.instead ?? 'leave it out to see all shares',
  );
}
