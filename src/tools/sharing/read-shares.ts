/** Reads shares of several kinds side by side; a kind that cannot be read is named, never silently missing. */
import { InputProblem } from '../../output/problem.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { gapOf } from '../support/part.ts';
import { iscsiSource } from './iscsi.ts';
import { nfsSource } from './nfs.ts';
import { nvmeofSource } from './nvmeof.ts';
import type { Share, ShareKind, ShareSource } from './share.ts';
import { smbSource } from './smb.ts';

/** Every kind, in the order of the table. */
export const SHARE_SOURCES: readonly ShareSource[] = [smbSource, nfsSource, iscsiSource, nvmeofSource];

/** The shares that could be read, and the kinds that could not. */
export interface SharesRead {
  readonly shares: readonly Share[];
  /** `iSCSI (not allowed for this API key)`. */
  readonly unread: readonly string[];
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
        if (!(await nas.has(source.probe))) return notOnThisRelease(source, kind);
        return { shares: await source.list(nas), unread: [] };
      } catch (error) {
        if (!isTrueNasError(error) || error.kind === 'aborted') throw error;
        return { shares: [], unread: [`${source.title} (${gapOf(error).why})`], error };
      }
    }),
  );
  const failed = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  if (failed.length === outcomes.length) throw failed[0];
  return {
    shares: outcomes.flatMap((outcome) => outcome.shares),
    unread: outcomes.flatMap((outcome) => outcome.unread),
  };
}

/** A kind that a release does not have is no gap in the answer, unless it was asked for. */
function notOnThisRelease(
  source: ShareSource,
  kind: ShareKind | undefined,
): { shares: Share[]; unread: string[] } {
  if (kind === undefined) return { shares: [], unread: [] };
  throw new InputProblem(
    'kind',
    `names shares that this release of TrueNAS does not have: ${source.title}`,
    'leave it out to see all shares',
  );
}
