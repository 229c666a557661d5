/** What stands out in what happened lately. */
import type { Finding, FindingKind } from './finding.ts';

/** What happened, as far as it stands out. */
export interface RecentFacts {
  /** Refused sign-ins by address, with the accounts that were tried; safe text. */
  readonly refused: ReadonlyMap<string, { readonly count: number; readonly accounts: readonly string[] }>;
  /** Jobs that failed: method and error; safe text. */
  readonly failedJobs: readonly { readonly job: string; readonly error: string }[];
  /** Changes that were refused or failed; safe text. */
  readonly failedChanges: readonly { readonly who: string; readonly what: string }[];
  /** The NAS started in this period though nobody is known to have ordered it: when; safe text. */
  readonly unorderedBoot: string | undefined;
}

/** So many refused sign-ins from one address are no slip. */
const MANY_REFUSED = 3;

const REFUSED: FindingKind = {
  id: 'recent.sign_ins_refused',
  level: 'WARNING',
  what: 'sign-ins refused',
  means: 'Somebody tries passwords, or a program has an old one or a key that was revoked.',
  certainty: 'likely',
  seeAlso: 'list_items of audit entries with success=false; close that address off if it is not yours',
};
const UNORDERED_BOOT: FindingKind = {
  id: 'recent.unordered_boot',
  level: 'WARNING',
  what: 'start that nobody ordered',
  means: 'Power, hardware or the kernel: work that was not written yet is lost.',
  certainty: 'likely',
  seeAlso: 'why_rebooted',
};
const FAILED_JOB: FindingKind = {
  id: 'recent.job_failed',
  level: 'WARNING',
  what: 'job failed',
  means: 'What it was to do is not done, or only in part.',
  certainty: 'sure',
  seeAlso: 'list_jobs {"states":["FAILED"]}; get_job shows the log',
};
const FAILED_CHANGE: FindingKind = {
  id: 'recent.change_failed',
  level: 'NOTE',
  what: 'change refused or failed',
  means: 'Somebody wanted it, and the NAS did not do it.',
  certainty: 'sure',
  seeAlso: 'list_items of audit entries with success=false',
};

/** Every kind of finding here. */
export const RECENT_KINDS: readonly FindingKind[] = [REFUSED, UNORDERED_BOOT, FAILED_JOB, FAILED_CHANGE];

/** Findings about what happened. */
export function judgeRecent({ refused, failedJobs, failedChanges, unorderedBoot }: RecentFacts): Finding[] {
  return [
    ...[...refused].flatMap(([address, { count, accounts }]) =>
      count < MANY_REFUSED
        ? []
        : [
            {
              kind: REFUSED,
              about: address,
              evidence: `${count} times${accounts.length > 0 ? `, as ${accounts.join(', ')}` : ''}`,
            },
          ],
    ),
    ...(unorderedBoot === undefined
      ? []
      : [{ kind: UNORDERED_BOOT, about: 'the NAS', evidence: unorderedBoot }]),
    ...failedJobs.map(({ job, error }) => ({ kind: FAILED_JOB, about: job, evidence: error })),
    ...failedChanges.map(({ who, what }) => ({ kind: FAILED_CHANGE, about: what, evidence: who })),
  ];
}
