import * as z from 'zod';
import { withSharedCalls } from '../../access/shared-calls.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import type { TrueNasError } from '../../truenas/errors.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { defineTool } from '../define.ts';
import { type NasClock, readClock } from '../support/clock.ts';
import { gapOf, gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { VERDICTS, verdictOf } from '../../findings/verdict.ts';
import { type Finding, withoutRepeats } from './overview/finding.ts';
import { HOST_USES, hostText, readAccount, readHost } from './overview/host.ts';
import { callText, type SubjectReport } from './overview/subject.ts';
import { SUBJECTS } from './overview/subjects.ts';

/** Reasons shown; the rest is counted. */
const MAX_REASONS = 12;

const USES = [...new Set([...HOST_USES, ...SUBJECTS.flatMap(({ uses }) => uses)])];

/**
 * The one-call health report. Subjects are read side by side; see findings/verdict.ts for what an unread one means.
 * When nothing at all can be read, that failure is the answer.
 */
export const systemOverview = defineTool({
  name: 'system_overview',
  toolset: 'system',
  title: 'System overview',
  words: 'health status is everything ok problem wrong summary check monitor',
  description:
    'Health of the whole NAS in one call: verdict OK/WARNING/CRITICAL/UNKNOWN with reasons, worst first. Start here.',
  input: z.strictObject({}),
  output: z.looseObject({
    verdict: z.enum(VERDICTS),
    reasons: z.array(z.string()),
    unread: z.array(z.string()),
    seen: z.array(z.string()),
  }),
  carriesFreeText: true,
  view: 'overview',
  uses: USES,
  mayLack: [
    { method: 'system.general.config', field: 'ui_certificate' },
    ...USES.map((method) => ({ method })),
  ],
  examples: [{ args: {}, why: 'the question most people ask first' }],
  async run(client, _input, context) {
    const nas = withSharedCalls(client);
    const host = await attempt(nas, readHost);
    const clock = readClock('value' in host ? host.value.datetime : null, context.now());
    const [account, ...reports] = await Promise.all([
      readPart(nas, readAccount),
      ...SUBJECTS.map((subject) =>
        attempt(nas, (limited) => subject.read({ nas: limited, nowMs: clock.nowMs })),
      ),
    ]);
    const failures = [host, ...reports].flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
    if (failures[0] !== undefined && failures.length === reports.length + 1) throw failures[0];

    const read = reports.flatMap((report): SubjectReport[] => ('value' in report ? [report.value] : []));
    const unread = [
      ...('gap' in host ? [`system (${host.gap.why})`] : []),
      ...SUBJECTS.flatMap(({ name }, index) => unjudged(name, reports[index])),
    ];
    const findings = worstFirst([
      ...withoutRepeats(read.flatMap((report) => report.findings)),
      ...clockFindings(clock),
    ]);
    const verdict = verdictOf(findings, unread);
    const reasons = findings.map(({ level, text, next }) =>
      next === undefined ? `${level} ${text}` : `${level} ${text} → ${next}`,
    );
    const hidden = reasons.length - MAX_REASONS;
    const shown = reasons.slice(0, MAX_REASONS);
    const seen = [...read.map(({ summary }) => summary).filter((text) => text !== '')];
    const signedIn = gapText(account) ?? valueOr(account, undefined);

    const text = [
      `${verdict}: ${'value' in host ? hostText(host.value) : 'system could not be read'}`,
      ...(unread.length > 0 ? [`NOT READ, so not judged: ${unread.join('; ')}`] : []),
      ...shown,
      ...(hidden > 0
        ? [`… and ${plural(hidden, 'more reason')}: see list_alerts, list_pools, list_jobs`]
        : []),
      `Seen: ${seen.join(', ')}`,
      `Signed in as: ${signedIn ?? '-'}`,
    ].join('\n');
    return {
      text,
      data: {
        verdict,
        ...('value' in host ? host.value.facts : {}),
        reasons: shown,
        ...(hidden > 0 ? { moreReasons: hidden } : {}),
        unread,
        seen,
        ...(signedIn === undefined ? {} : { signedInAs: signedIn }),
        ...(clock.notes.length === 0 ? {} : { clock: clock.notes.join(' ') }),
      },
    };
  },
});

/** A clock that is wrong breaks sign-ins, certificates and plans, and no alert tells of it. */
function clockFindings({ notes }: NasClock): Finding[] {
  const next = callText('call_api_read', { method: 'system.ntpserver.query' });
  return notes.map((note) => ({
    level: 'WARNING',
    text: `${note}; sign-ins and certificates depend on it`,
    next,
  }));
}

type Outcome<Value> = Part<Value> & { readonly error?: TrueNasError };

/** As `readPart`, and keeps the failure: when everything fails, the first one is the answer. */
async function attempt<Value>(
  nas: ReadClient,
  read: (nas: ReadClient) => Promise<Value>,
): Promise<Outcome<Value>> {
  let error: TrueNasError | undefined;
  const part = await readPart(nas, (limited) =>
    read(limited).catch((failure: unknown) => {
      if (isTrueNasError(failure)) error = failure;
      throw failure;
    }),
  );
  return error === undefined ? part : { gap: gapOf(error), error };
}

/** What of a subject was not read, or could not be judged. */
function unjudged(name: string, report: Outcome<SubjectReport> | undefined): string[] {
  if (report === undefined) return [];
  if ('gap' in report) return [`${name} (${report.gap.why})`];
  const unknown = report.value.unknown ?? [];
  if (unknown.length === 0) return [];
  const more = unknown.length > MAX_UNKNOWN ? `; and ${unknown.length - MAX_UNKNOWN} more` : '';
  return [`${name} (unknown: ${safeCell(unknown.slice(0, MAX_UNKNOWN).join('; '), 200)}${more})`];
}

/** Things that could not be judged, named of each subject. */
const MAX_UNKNOWN = 3;

function worstFirst(findings: readonly Finding[]): Finding[] {
  return [
    ...findings.filter((finding) => finding.level === 'CRITICAL'),
    ...findings.filter((finding) => finding.level === 'WARNING'),
  ];
}
