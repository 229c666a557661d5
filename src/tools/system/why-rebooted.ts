import * as z from 'zod';
import { judgeReboot } from '../../findings/reboot.ts';
import { formatAge, formatDuration, formatInstant } from '../../output/time.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { defineTool } from '../define.ts';
import { clockOf } from '../support/clock.ts';
import { factsOutput } from '../support/outputs.ts';
import { gapText, type Part, readPart, valueOr } from '../support/part.ts';
import { reportAnswer } from '../support/report.ts';
import { field, objectOf } from '../support/rows.ts';
import { readBootAlerts, readLogBefore, readNewVersion, readUps, readWaiting } from './boot-facts.ts';

const INFO = { boottime: field.time, uptime_seconds: field.number, version: field.text };

const USES = [
  'system.info',
  'audit.query',
  'audit.config',
  'alert.list',
  'boot.environment.query',
  'service.query',
  'system.reboot.info',
];

/** Why the NAS started last. What it does not keep is said: it has no log of its own crashes. */
export const whyRebooted = defineTool({
  name: 'why_rebooted',
  toolset: 'system',
  isListedOnRequest: true,
  title: 'Why it rebooted',
  words:
    'why did it reboot restart crash went down power cut outage unexpected shutdown uptime last boot kernel panic watchdog',
  description:
    'Why the NAS started last: orders, update, UPS, failover, crash, its own alerts; unknown where nothing tells.',
  input: z.strictObject({}),
  output: factsOutput,
  carriesFreeText: true,
  uses: USES,
  mayLack: USES.map((method) => ({ method })),
  examples: [{ args: {}, why: 'the last start' }],
  async run(nas, input, context) {
    const [clock, info] = await Promise.all([
      clockOf(nas, context.now()),
      readPart(nas, async (limited) => objectOf(await limited.call('system.info', []), INFO)),
    ]);
    const {
      uptime_seconds: upSeconds = null,
      version = null,
      boottime = null,
    } = valueOr(info, undefined) ?? {};
    const bootMs = boottime ?? (upSeconds === null ? null : clock.nowMs - upSeconds * 1000);
    const release = await nas.release();
    const common = { tool: 'why_rebooted', args: input, release, budgetTokens: context.budgetTokens };
    if (bootMs === null) {
      const gap = `when it started${gapText(info) === undefined ? '' : ` ${gapText(info)}`}`;
      const headline = 'when the NAS started last is not known';
      return reportAnswer({ ...common, headline, findings: [], unjudged: [gap], lines: clock.notes });
    }
    const parts = await readParts(nas, bootMs, clock.nowMs);
    const log = valueOr(parts.log, undefined);
    const alerts = valueOr(parts.alerts, undefined);
    const findings = judgeReboot({
      boot: `the start of ${formatInstant(bootMs)}`,
      order: log === undefined || log.gap !== undefined || log.gone !== undefined ? undefined : log.order,
      unscheduled: alerts?.unscheduled,
      power: alerts?.power ?? [],
      failover: alerts?.failover ?? [],
      hardware: alerts?.hardware ?? [],
      dumps: alerts?.dumps ?? [],
      newVersion: valueOr(parts.version, undefined)?.text,
      hasUps: valueOr(parts.ups, null) ?? undefined,
      waiting: valueOr(parts.waiting, null) ?? [],
    });
    const hasCause = findings.some(({ kind }) => !SIDE_ISSUES.has(kind.id));
    return reportAnswer({
      ...common,
      headline: `the NAS started ${formatInstant(bootMs)}, ${formatAge(bootMs, clock.nowMs)}; ${hasCause ? 'what points to a cause is below' : 'why is not known'}`,
      findings,
      unjudged: [...unreadOf(parts), ...(clock.isGuessed ? ['how long ago that is'] : [])],
      untold: log?.gone === undefined ? [] : [log.gone],
      lines: [
        ...(log?.last === undefined ? [] : [`last entry of the audit log before it: ${log.last}`]),
        `version ${safeCell(version ?? 'UNKNOWN', 40)}, up ${upSeconds === null ? 'for an unknown time' : formatDuration(upSeconds * 1000)}`,
        'Not in the API: log of the kernel, event log of the board (BMC), power of the house. recent_changes shows what was done around it.',
        ...clock.notes,
      ],
    });
  },
});

/** Findings that explain no start. */
const SIDE_ISSUES: ReadonlySet<string> = new Set(['reboot.no_ups', 'reboot.waiting', 'reboot.core_dumps']);

async function readParts(nas: ReadClient, bootMs: number, nowMs: number) {
  const [log, alerts, version, ups, waiting] = await Promise.all([
    readPart(nas, (limited) => readLogBefore(limited, bootMs, nowMs)),
    readPart(nas, (limited) => readBootAlerts(limited, bootMs)),
    readPart(nas, (limited) => readNewVersion(limited, bootMs)),
    readPart(nas, readUps),
    readPart(nas, readWaiting),
  ]);
  return { log, alerts, version, ups, waiting };
}

function unreadOf({ log, alerts, version, ups, waiting }: Awaited<ReturnType<typeof readParts>>): string[] {
  const nouns: readonly (readonly [string, Part<unknown>])[] = [
    ['audit log', log],
    ['alerts', alerts],
    ['boot environments', version],
    ['whether a UPS is watched', ups],
    ['whether another reboot is due', waiting],
  ];
  const gaps = nouns.flatMap(([noun, part]) => {
    const gap = gapText(part);
    if (gap !== undefined) return [`${noun} ${gap}`];
    return valueOr(part, undefined) === null ? [noun] : [];
  });
  const logGap = valueOr(log, undefined)?.gap;
  return [
    ...gaps,
    ...(logGap === undefined ? [] : [logGap]),
    ...((valueOr(alerts, undefined)?.unreadCount ?? 0) > 0 ? ['class or time of some alerts'] : []),
    ...(valueOr(version, undefined)?.isKnown === false ? ['age of the version that runs'] : []),
  ];
}
