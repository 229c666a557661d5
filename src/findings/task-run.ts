/** Tasks that do not do their work: replications, snapshots, copies to a cloud or another host. */
import type { Finding, FindingKind } from './finding.ts';

/** A task, as far as its troubles go. */
export interface TaskFacts {
  readonly isReplication: boolean;
  /** `replication "offsite"`, as safe text. */
  readonly label: string;
  readonly isEnabled: boolean | null;
  readonly state: 'works' | 'runs' | 'failed' | 'on hold' | 'never ran' | 'stale' | 'unknown';
  /** What the NAS said last; safe text. */
  readonly why: string | undefined;
  /** Source and target are both on this NAS and share no snapshot, though the target has some. */
  readonly lacksBase: boolean;
  /** Arguments of run_task. */
  readonly run: Readonly<Record<string, unknown>> | undefined;
  /** A call that shows the job and its log. */
  readonly job: string | undefined;
}

interface Cause {
  readonly key: string;
  readonly pattern: RegExp;
  readonly kind: Omit<FindingKind, 'id' | 'level' | 'certainty'>;
  /** Replications only. */
  readonly isOfReplication?: true;
}

/** Causes that the words of an error tell, the surest first. */
const CAUSES: readonly Cause[] = [
  {
    key: 'no_common_base',
    isOfReplication: true,
    pattern:
      /no incremental base|incremental source .{0,80}(?:does not exist|not exist)|most recent snapshot .{0,80}does not|does not have any matching snapshots|(?:has|have) been modified since|destination .{0,80}modified/iu,
    kind: {
      what: 'no common snapshot to go on from',
      means:
        'The newest snapshot that source and target shared was deleted on one side, or the target was written to: only the difference to it can be sent.',
      seeAlso:
        'list_snapshots of source and target: with one in common, roll the target back to it (rollback_dataset; what is newer there is lost); with none, only "Replication from scratch" helps, which deletes the target first',
    },
  },
  {
    key: 'target_full',
    pattern:
      /out of space|no space left|quota (?:is )?exceeded|insufficient (?:space|storage)|ENOSPC|EDQUOT|storage ?quota/iu,
    kind: {
      what: 'target full',
      means: 'Nothing more fits into the pool, quota or bucket it writes to.',
      seeAlso: 'make room at the target: list_datasets {"sort":"used"} there, snapshots and quota',
    },
  },
  {
    key: 'auth',
    pattern:
      /authentication fail|permission denied|access ?denied|publickey|host key|unauthori[sz]ed|invalid (?:access|credential|grant|client|token)|token (?:has )?expired|forbidden|signaturedoesnotmatch|\b40[13]\b/iu,
    kind: {
      what: 'sign-in refused',
      means: 'The other side does not take the key or password, or presents another host key.',
      seeAlso:
        'Credentials > Backup Credentials: verify the credential of the task, and that the account over there may write',
    },
  },
  {
    key: 'unreachable',
    pattern:
      /timed? ?out|refused|no route|unreachable|resolve|name or service not known|no such host|connection (?:reset|closed|lost)|ETIMEDOUT|ECONNREFUSED|EHOSTUNREACH/iu,
    kind: {
      what: 'other side not reachable',
      means:
        'No connection came about: the host is off, its name or port is wrong, or a firewall is between.',
      seeAlso:
        'check that the host is up and its address and port are right; diagnose_problem {"subject":"network"}',
    },
  },
  {
    key: 'locked',
    pattern: /locked|encryption key|key (?:is )?not loaded|raw send|unencrypted/iu,
    kind: {
      what: 'encryption is in the way',
      means: 'A dataset is locked, or one side is encrypted in another way than the other.',
      seeAlso: 'list_datasets {"locked":true}; unlock_dataset',
    },
  },
  {
    key: 'path_missing',
    pattern:
      /does not exist|no such (?:file|dataset|bucket|directory)|not found|nosuchbucket|directory not found/iu,
    kind: {
      what: 'source or target missing',
      means: 'What the task names was deleted or renamed, or its pool is not imported.',
      seeAlso: 'get_item of the task names both; list_datasets shows what is there',
    },
  },
  {
    key: 'busy',
    pattern: /busy|in use|already running/iu,
    kind: {
      what: 'something holds the target',
      means: 'A mount, a share, another receive or a second run uses it.',
      seeAlso: 'wait for the other run (list_jobs), then run the task again',
    },
  },
];

const NOUNS = ['replication', 'task'] as const;
type Noun = (typeof NOUNS)[number];

function kindsOf(noun: Noun): Readonly<Record<string, FindingKind>> {
  const causes = CAUSES.filter(({ isOfReplication }) => isOfReplication !== true || noun === 'replication');
  const sure = { level: 'WARNING', certainty: 'sure' } as const;
  const kinds: FindingKind[] = [
    ...causes.map(({ key, kind }) => ({
      ...kind,
      id: `${noun}.${key}`,
      level: 'CRITICAL' as const,
      certainty: 'likely' as const,
    })),
    {
      ...sure,
      id: `${noun}.failed`,
      what: 'last run failed',
      means: 'The newest copy is older than the schedule promises.',
      seeAlso: 'get_job shows the log',
    },
    {
      ...sure,
      id: `${noun}.on_hold`,
      what: 'on hold',
      means: 'The NAS does not run it until the reason is gone, and raises no alert about that.',
      seeAlso: 'mend the reason; then run_task',
    },
    {
      ...sure,
      id: `${noun}.disabled`,
      what: 'switched off',
      means: 'It never runs by itself.',
      seeAlso: 'Data Protection > the task > Enabled',
    },
    {
      ...sure,
      id: `${noun}.never_ran`,
      level: 'NOTE',
      what: 'has never run',
      means: 'Its time has not come yet, or it waits for another task.',
      repairedBy: 'run_task',
    },
    {
      ...sure,
      id: `${noun}.stale`,
      certainty: 'likely',
      what: 'has not run for long',
      means: 'It is enabled, and its last run is much older than its schedule.',
      repairedBy: 'run_task',
    },
  ];
  return Object.fromEntries(kinds.map((kind) => [kind.id.slice(noun.length + 1), kind]));
}

const KINDS: Readonly<Record<Noun, Readonly<Record<string, FindingKind>>>> = {
  replication: kindsOf('replication'),
  task: kindsOf('task'),
};

/** Every kind of finding here. */
export const TASK_RUN_KINDS: readonly FindingKind[] = NOUNS.flatMap((noun) => Object.values(KINDS[noun]));

/** Findings about a task, causes before what follows from them. */
export function judgeTask(facts: TaskFacts): Finding[] {
  const { label: about, why, state, run, job, isEnabled } = facts;
  const kinds = KINDS[facts.isReplication ? 'replication' : 'task'];
  const evidence = why === undefined || why === '' ? {} : { evidence: why };
  const repair = run === undefined ? {} : { arguments: run };
  const isTrouble = state === 'failed' || state === 'on hold';
  const cause = isTrouble ? causeOf(why ?? '', facts.isReplication) : undefined;
  // One that runs or works has something to go on from, whatever the names say; one of which nothing is known may run.
  const isAtWork = state === 'runs' || state === 'works' || state === 'unknown';
  const isBaseless = facts.lacksBase && facts.isReplication && !isAtWork;
  const key = isBaseless ? 'no_common_base' : cause;
  const found: [string | undefined, Partial<Finding>][] = [
    [key, evidence],
    [state === 'failed' ? 'failed' : undefined, { ...evidence, ...(job === undefined ? {} : { next: job }) }],
    [state === 'on hold' ? 'on_hold' : undefined, evidence],
    [isEnabled === false ? 'disabled' : undefined, {}],
    [state === 'never ran' && isEnabled !== false ? 'never_ran' : undefined, repair],
    [state === 'stale' && isEnabled !== false ? 'stale' : undefined, { ...evidence, ...repair }],
  ];
  return found.flatMap(([name, more]) => {
    const kind = name === undefined ? undefined : kinds[name];
    return kind === undefined ? [] : [{ kind, about, ...more }];
  });
}

function causeOf(why: string, isReplication: boolean): string | undefined {
  return CAUSES.find(
    ({ pattern, isOfReplication }) => (isOfReplication !== true || isReplication) && pattern.test(why),
  )?.key;
}
