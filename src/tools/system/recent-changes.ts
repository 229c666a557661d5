import * as z from 'zod';
import { judgeRecent, type RecentFacts } from '../../findings/recent.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { formatInstant, parseMoment } from '../../output/time.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import type { Columns } from '../define-list.ts';
import { defineTool } from '../define.ts';
import { clockOf } from '../support/clock.ts';
import { reportPageInputs } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { reportAnswer } from '../support/report.ts';
import { field, rowsOf } from '../support/rows.ts';
import { ALERTS } from './recent/alert-list.ts';
import { CHANGES, RETENTION, SIGN_IN_LOG, SUDO_LOG } from './recent/audit-log.ts';
import { BOOTS, UPDATES } from './recent/boots.ts';
import { countsText, type Happening, timeline, type Told, withoutEchoes } from './recent/happening.ts';
import { JOBS } from './recent/job-log.ts';
import type { Period, Source, SourceRead } from './recent/period.ts';

/** Of one account only these tell. */
const OF_PEOPLE: readonly Source[] = [CHANGES, SIGN_IN_LOG, SUDO_LOG, RETENTION, JOBS];
const SOURCES: readonly Source[] = [...OF_PEOPLE, ALERTS, BOOTS, UPDATES];
const USES = [...new Set([...SOURCES.flatMap(({ uses }) => uses), 'user.query'])];
const PAGE_ROWS = 20;

const COLUMNS: Columns<Told> = {
  time: { type: 'time', value: ({ atMs }) => atMs, isKey: true },
  sort: { type: 'text' },
  who: { type: 'text', value: ({ who }) => (who === null ? 'the NAS' : (who ?? 'UNKNOWN')), maxLength: 60 },
  what: {
    type: 'text',
    value: ({ what, count }) => (count === 1 ? what : `${what} (${count} times, the last one here)`),
    maxLength: 150,
  },
  from: { type: 'text', maxLength: 50 },
  result: { type: 'text', value: ({ result }) => result ?? 'ok', maxLength: 120 },
};

/** What happened lately, in one timeline. Each source is a file of its own in `recent/`. */
export const recentChanges = defineTool({
  name: 'recent_changes',
  toolset: 'system',
  title: 'Recent changes',
  words:
    'who did what when changed last night since yesterday happened timeline history audit log sign-ins logged in failed logins sudo jobs alerts reboot',
  description: 'Who did what: changes, sign-ins, sudo, jobs, alerts, boots.',
  input: z.strictObject({
    since: z.string().optional().describe('7d, a date'),
    until: z.string().optional(),
    user: z.string().optional(),
    ...reportPageInputs,
  }),
  output: factsOutput,
  view: 'report',
  carriesFreeText: true,
  uses: USES,
  mayLack: USES.map((method) => ({ method })),
  examples: [
    { args: {}, why: 'a day' },
    { args: { since: '7d', limit: 5 }, why: 'a week, paged' },
    { args: { since: '7d', user: 'truenas_admin' }, why: 'what somebody did' },
    { args: { user: 'truenas_admi' }, why: 'a mistyped name' },
    { args: { since: '60d', until: '30d' }, why: 'longer ago than the audit log is kept' },
  ],
  async run(nas, input, context) {
    const clock = await clockOf(nas, context.now());
    const period = periodOf(input, clock.nowMs);
    const sources = period.user === undefined ? SOURCES : OF_PEOPLE;
    const read = await Promise.all(
      sources.map(async (source) => ({ source, part: await readSource(nas, source, period) })),
    );
    const parts = new Map(read.map(({ source, part }) => [source, part]));
    const all = withoutEchoes(read.flatMap(({ part }) => valueOr(part, NOTHING).happenings));
    const rows = timeline(all);
    const { user } = period;
    const stranger = all.length > 0 || user === undefined ? NO_STRANGER : await strangerNote(nas, user);
    const gaps = read.flatMap(({ source, part }) => {
      const gap = gapText(part);
      return gap === undefined ? (valueOr(part, NOTHING).unread ?? []) : [`${source.noun} ${gap}`];
    });
    return reportAnswer({
      tool: 'recent_changes',
      release: await nas.release(),
      args: input,
      headline: headlineOf(all, period),
      findings: judgeRecent(factsOf(all, period, logOf(parts))),
      unjudged: [
        ...gaps,
        ...(stranger.gap ?? []),
        ...(all.some(({ atMs }) => atMs === null) ? ['when some of it was (listed first)'] : []),
        ...(clock.isGuessed ? ['what time it is on the NAS'] : []),
      ],
      untold: [...new Set(read.flatMap(({ part }) => valueOr(part, NOTHING).notKept ?? []))],
      lines: [
        ...(stranger.note ?? []),
        ...new Set(read.flatMap(({ part }) => valueOr(part, NOTHING).notes ?? [])),
        ...clock.notes,
        ...(period.user === undefined
          ? ['Not kept by the NAS: alerts that went again, jobs of before its last start.']
          : []),
      ],
      table: { noun: 'happenings', columns: COLUMNS, rows },
      pageRows: PAGE_ROWS,
      budgetTokens: context.budgetTokens,
    });
  },
});

const NOTHING: SourceRead = { happenings: [] };

/** TrueNAS CORE: that nothing is told must not read as if nobody did anything. */
const NO_LOG: SourceRead = {
  happenings: [],
  notKept: ['changes, sign-ins and commands with sudo (this release keeps no audit log)'],
};

async function readSource(nas: ReadClient, source: Source, period: Period): Promise<Part<SourceRead>> {
  const [method = ''] = source.uses;
  if (!(await nas.has(method))) return { value: method === 'audit.query' ? NO_LOG : NOTHING };
  return readPart(nas, (limited) => source.read(limited, period));
}

/** What is said of an account that did nothing. */
interface Stranger {
  readonly note?: readonly string[];
  readonly gap?: readonly string[];
}
const NO_STRANGER: Stranger = {};

/** Says that an account is none of the NAS; one of a directory may be, and so may one that was deleted. */
async function strangerNote(nas: ReadClient, user: string): Promise<Stranger> {
  const part = await readPart(nas, async (limited) =>
    rowsOf(await limited.call('user.query', query({ select: ['username'], limit: MAX_USERS })), {
      username: field.text,
    }),
  );
  const gap = gapText(part);
  if (gap !== undefined) return { gap: [`whether there is such an account ${gap}`] };
  const names = valueOr(part, []).flatMap(({ username }) => username ?? []);
  if (names.includes(user)) return NO_STRANGER;
  const near = didYouMean(nearNames(user, names).map((name) => safeCell(name, 60)));
  return {
    note: [
      `${safeCell(user, 60)} is not an account of the NAS itself${near === undefined ? '' : `; ${near}`}`,
    ],
  };
}

const MAX_USERS = 1000;

function periodOf(
  {
    since = '24h',
    until,
    user,
  }: { since?: string | undefined; until?: string | undefined; user?: string | undefined },
  nowMs: number,
): Period {
  const sinceMs = momentOf('since', since, nowMs);
  const untilMs = until === undefined ? nowMs : momentOf('until', until, nowMs);
  if (sinceMs >= untilMs)
    throw new InputProblem('since', 'is not before the end of the period', 'e.g. since "7d" and until "2d"');
  const named = user?.trim();
  return { sinceMs, untilMs, nowMs, ...(named === undefined || named === '' ? {} : { user: named }) };
}

function momentOf(argument: string, text: string, nowMs: number): number {
  const ms = parseMoment(text, nowMs);
  if (ms === undefined)
    throw new InputProblem(argument, 'is neither a span nor a date', 'e.g. "24h", "7d" or "2026-03-01"');
  return ms;
}

function headlineOf(all: readonly Happening[], { sinceMs, untilMs, user }: Period): string {
  const by = user === undefined ? '' : ` by ${safeCell(user, 60)}`;
  const what = countsText(all) || 'nothing is known to have happened';
  return `${formatInstant(sinceMs)} to ${formatInstant(untilMs)}${by}: ${what}`;
}

function factsOf(all: readonly Happening[], period: Period, log: Log | undefined): RecentFacts {
  const refused = new Map<string, { count: number; accounts: string[] }>();
  for (const { sort, isFailure, from = 'UNKNOWN', account } of all) {
    if (sort !== 'sign-in' || isFailure !== true) continue;
    const known = refused.get(from) ?? { count: 0, accounts: [] };
    const accounts = account === undefined || known.accounts.includes(account) ? [] : [account];
    refused.set(from, { count: known.count + 1, accounts: [...known.accounts, ...accounts].slice(0, 5) });
  }
  return {
    refused,
    failedJobs: all
      .filter(({ sort, isFailure }) => sort === 'job' && isFailure === true)
      .map(({ what, result }) => ({ job: what, error: result ?? '' })),
    failedChanges: all
      .filter(({ sort, isFailure }) => sort === 'change' && isFailure === true)
      .map(({ what, who }) => ({ what, who: who ?? 'UNKNOWN' })),
    unorderedBoot: log === undefined ? undefined : unorderedBoot(all, period, log),
  };
}

/** An order comes so long before the start at most. */
const ORDER_MS = 3_600_000;

/** The audit log of changes, where all of it was read that is kept. */
interface Log {
  readonly happenings: readonly Happening[];
  readonly keptSinceMs: number;
}

function logOf(parts: ReadonlyMap<Source, Part<SourceRead>>): Log | undefined {
  const [changes, retention] = [CHANGES, RETENTION].map((source) => {
    const part = parts.get(source);
    return part === undefined ? undefined : valueOr(part, undefined);
  });
  const { keptSinceMs } = retention ?? {};
  if (changes === undefined || changes.unread !== undefined || keptSinceMs === undefined) return undefined;
  return { happenings: changes.happenings, keptSinceMs };
}

/** When the NAS started without an order in the log, which was read from well before it on. */
function unorderedBoot(
  all: readonly Happening[],
  { sinceMs }: Period,
  { happenings, keptSinceMs }: Log,
): string | undefined {
  const bootMs = all.find(({ sort, who }) => sort === 'boot' && who === null)?.atMs ?? null;
  if (bootMs === null || bootMs - Math.max(sinceMs, keptSinceMs) < ORDER_MS) return undefined;
  const mayBeOrder = ({ sort, atMs }: Happening): boolean =>
    atMs === null || (sort === 'boot' && atMs <= bootMs && atMs > bootMs - ORDER_MS);
  return happenings.some(mayBeOrder) ? undefined : formatInstant(bootMs);
}
