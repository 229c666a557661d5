/** Shares that clients cannot see, reach or write to. */
import type { Finding, FindingKind } from './finding.ts';
import { lockedFinding } from './pool.ts';

/** A share, as far as its troubles go; undefined or null is not known. */
export interface ShareFacts {
  /** `SMB share "media"`, as safe text. */
  readonly label: string;
  readonly isEnabled: boolean | null;
  /** Arguments of update_share that switch it on; absent where that tool does not know its kind. */
  readonly enabling: Readonly<Record<string, unknown>> | undefined;
  readonly service:
    | { readonly name: string; readonly state: string | null; readonly atBoot: boolean | null }
    | undefined;
  /** Safe text. */
  readonly path: string | undefined;
  /** Absent: whether the path is there is not known. */
  readonly isPathThere: boolean | undefined;
  readonly isLocked: boolean | null;
  readonly dataset: string | undefined;
  readonly isReadonly: boolean | null;
  /** SMB only. */
  readonly isBrowsable: boolean | null | undefined;
  /** False where Windows does not find the NAS in its network environment. */
  readonly isAnnounced: boolean | null | undefined;
  /** Only these may connect; safe text. */
  readonly onlyFor: string | undefined;
}

const SERVICE_STOPPED: FindingKind = {
  id: 'share.service_stopped',
  level: 'CRITICAL',
  what: 'service does not run',
  means: 'Nobody reaches any share of this kind.',
  certainty: 'sure',
  repairedBy: 'control_service',
};
const DISABLED: FindingKind = {
  id: 'share.disabled',
  level: 'CRITICAL',
  what: 'share switched off',
  means: 'Somebody switched it off: clients do not see it.',
  certainty: 'sure',
  repairedBy: 'update_share',
};
const LOCKED: FindingKind = {
  id: 'share.locked',
  level: 'CRITICAL',
  what: 'dataset of the share locked',
  means: 'The NAS takes a share away while the dataset under it is locked.',
  certainty: 'sure',
  seeAlso: 'unlock_dataset',
};
const PATH_MISSING: FindingKind = {
  id: 'share.path_missing',
  level: 'CRITICAL',
  what: 'path of the share missing',
  means: 'The folder or volume was deleted or renamed, or its pool is not imported.',
  certainty: 'sure',
  seeAlso: 'list_datasets and list_pools; then update_share with the right path',
};
const NOT_AT_BOOT: FindingKind = {
  id: 'share.service_not_at_boot',
  level: 'WARNING',
  what: 'service does not start with the NAS',
  means: 'It runs now, and will not after the next reboot.',
  certainty: 'sure',
  repairedBy: 'control_service',
};
const HIDDEN: FindingKind = {
  id: 'share.hidden',
  level: 'WARNING',
  what: 'share hidden',
  means: 'It is left out of the list that clients see; by its full name it opens.',
  certainty: 'sure',
  seeAlso: 'Shares > SMB > Browsable to Network Clients; or open \\\\NAS\\share by name',
};
const NOT_ANNOUNCED: FindingKind = {
  id: 'share.not_announced',
  level: 'WARNING',
  what: 'NAS not announced to Windows',
  means: 'WS-Discovery is off: the NAS is not in the network view of Windows, yet opens by name or address.',
  certainty: 'likely',
  seeAlso: 'Network > Global Configuration > WS-Discovery; or open \\\\address\\share',
};
const LIMITED: FindingKind = {
  id: 'share.hosts_limited',
  level: 'NOTE',
  what: 'only some hosts may connect',
  means: 'Others see or get nothing.',
  certainty: 'likely',
  seeAlso: 'get_share shows the list; compare the address of the client',
};
const READONLY: FindingKind = {
  id: 'share.readonly',
  level: 'NOTE',
  what: 'share read-only',
  means: 'Nobody writes through it, whatever the permissions say.',
  certainty: 'sure',
  seeAlso: 'update_share',
};

/** Every kind of finding here. */
export const SHARE_KINDS: readonly FindingKind[] = [
  LOCKED,
  PATH_MISSING,
  DISABLED,
  SERVICE_STOPPED,
  NOT_AT_BOOT,
  HIDDEN,
  NOT_ANNOUNCED,
  LIMITED,
  READONLY,
];

/** Findings about a share, causes first. */
export function judgeShare(facts: ShareFacts): Finding[] {
  const { label: about, path, dataset, service } = facts;
  const locked = dataset === undefined ? {} : { next: lockedFinding(dataset).next ?? '', evidence: dataset };
  const isDown = service !== undefined && service.state !== null && service.state !== 'RUNNING';
  const found: (Finding | false)[] = [
    facts.isLocked === true && { kind: LOCKED, about, ...locked },
    facts.isLocked !== true &&
      facts.isPathThere === false && { kind: PATH_MISSING, about, evidence: path ?? 'path unknown' },
    facts.isEnabled === false && {
      kind: DISABLED,
      about,
      ...(facts.enabling === undefined
        ? { next: 'Shares, in the web interface' }
        : { arguments: facts.enabling }),
    },
    isDown && {
      kind: SERVICE_STOPPED,
      about: service.name,
      evidence: service.state ?? '',
      arguments: { service: service.name, action: 'start', at_boot: true },
    },
    service !== undefined &&
      !isDown &&
      service.atBoot === false && {
        kind: NOT_AT_BOOT,
        about: service.name,
        arguments: { service: service.name, at_boot: true },
      },
    facts.isBrowsable === false && { kind: HIDDEN, about },
    facts.isAnnounced === false && { kind: NOT_ANNOUNCED, about: 'WS-Discovery' },
    facts.onlyFor !== undefined && { kind: LIMITED, about, evidence: facts.onlyFor },
    facts.isReadonly === true && { kind: READONLY, about },
  ];
  return found.filter((finding) => finding !== false);
}
