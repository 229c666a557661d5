import { z } from 'zod';
import { formatDuration } from '../../output/time.ts';
import { formatBytes, plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import { isTrueNasError } from '../../truenas/errors.ts';
import { defineTool } from '../define.ts';
import { field, objectOf } from '../support/rows.ts';
import type { Part, PartContext, PartReport } from './overview-part.ts';
import { PARTS } from './overview-parts.ts';
import { type Finding, VERDICTS, verdictOf, withoutRepeats } from './verdict.ts';

/** Reasons shown; the rest is counted. */
const MAX_REASONS = 12;

/**
 * The one-call health report. Parts are read side by side; see verdict.ts for what an unread part means.
 * When nothing at all can be read, that failure is the answer.
 */
export const systemOverview = defineTool({
  name: 'system_overview',
  toolset: 'system',
  title: 'System overview',
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
  uses: ['system.info', ...PARTS.flatMap((part) => part.uses)],
  examples: [{ args: {}, why: 'the question most people ask first' }],
  async run(nas, _input, context) {
    const partContext: PartContext = { nas, nowMs: context.now() };
    const [host, ...reports] = await Promise.all([
      attempt('system', () => readHost(partContext)),
      ...PARTS.map((part: Part) => attempt(part.name, () => part.read(partContext))),
    ]);
    const all = [host, ...reports];
    const failures = all.filter((outcome) => 'error' in outcome);
    const [first] = failures;
    if (first && failures.length === all.length) throw first.error;

    const done = reports.flatMap((outcome): PartReport[] => ('value' in outcome ? [outcome.value] : []));
    const unread = failures.map((outcome) => `${outcome.name} (${whyUnread(outcome.error)})`);
    const findings = byLevel(withoutRepeats(done.flatMap((report) => report.findings)));
    const verdict = verdictOf(findings, unread);
    const reasons = findings.map((finding) => `${finding.level} ${finding.text}`);
    const hidden = reasons.length - MAX_REASONS;
    const shownReasons = reasons.slice(0, MAX_REASONS);
    const summary = done.map((report) => report.summary).filter((text) => text !== '');

    const text = [
      `${verdict}: ${'value' in host ? host.value.line : 'system could not be read'}`,
      ...(unread.length > 0 ? [`NOT READ, so not judged: ${unread.join('; ')}`] : []),
      ...shownReasons,
      ...(hidden > 0
        ? [`… and ${plural(hidden, 'more reason')}: see list_alerts, list_pools, list_jobs`]
        : []),
      `Seen: ${summary.join(', ')}`,
    ].join('\n');
    const facts = 'value' in host ? host.value.data : {};
    const more = hidden > 0 ? { moreReasons: hidden } : {};
    return { text, data: { verdict, ...facts, reasons: shownReasons, ...more, unread, seen: summary } };
  },
});

type Outcome<Value> = { readonly name: string } & ({ readonly value: Value } | { readonly error: unknown });

async function attempt<Value>(name: string, read: () => Promise<Value>): Promise<Outcome<Value>> {
  try {
    return { name, value: await read() };
  } catch (error) {
    return { name, error };
  }
}

function whyUnread(error: unknown): string {
  if (isTrueNasError(error, 'not-authorized')) return 'not allowed for this API key';
  return safeCell(error instanceof Error ? error.message : String(error), 80);
}

function byLevel(findings: readonly Finding[]): Finding[] {
  return [
    ...findings.filter((finding) => finding.level === 'CRITICAL'),
    ...findings.filter((finding) => finding.level === 'WARNING'),
  ];
}

const HOST = {
  hostname: field.text,
  version: field.text,
  uptime_seconds: field.number,
  physmem: field.number,
  cores: field.number,
};

async function readHost({ nas }: PartContext): Promise<{ line: string; data: Record<string, unknown> }> {
  const host = objectOf(await nas.call('system.info', []), HOST);
  const hostname = safeCell(host.hostname ?? '-', 60);
  const version = safeCell(host.version ?? '-', 40);
  const uptime = host.uptime_seconds === null ? '-' : formatDuration(host.uptime_seconds * 1000);
  const memory = host.physmem === null ? '' : `, ${formatBytes(host.physmem)} memory`;
  return {
    line: `${hostname}, TrueNAS ${version.replace(/^TrueNAS-(?:SCALE-)?/u, '')}, up ${uptime}${memory}`,
    data: {
      hostname,
      version,
      uptimeSeconds: host.uptime_seconds === null ? undefined : Math.round(host.uptime_seconds),
    },
  };
}
