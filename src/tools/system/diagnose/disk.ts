/** What is wrong with a disk: in its pool, and by what it says of itself. */
import { judgeDisk } from '../../../findings/disk.ts';
import type { Finding } from '../../../findings/finding.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { DISK_USES, lookAtDisk } from '../../storage/get-disk.ts';
import { readTemperatures } from '../../storage/disk-temperatures.ts';
import { gapText, readPart, valueOr } from '../../support/part.ts';
import { field, rowsOf } from '../../support/rows.ts';
import { alertRow, alertText, isActive, isOfOtherNode } from '../alerts.ts';
import { HOT_CELSIUS } from '../overview/disks.ts';
import { pool } from './pool.ts';
import { some, type Subject } from './subject.ts';

export const disk: Subject = {
  uses: ['alert.list', ...DISK_USES, ...pool.uses],
  async diagnose({ nas }, name) {
    const { data, where: membership } = await lookAtDisk(nas, name);
    const [alerts, temperatures] = await Promise.all([
      readPart(nas, (limited) => alertsAbout(limited, data.name, data.serial)),
      readPart(nas, (limited) => readTemperatures(limited, [data.name])),
    ]);
    const isInService = data.status === undefined || /^(?:ONLINE|AVAIL|INUSE)$/u.test(data.status);
    const hasErrors = data.errors !== undefined && / errors(?:,|$)/u.test(data.errors);
    const tests =
      data.selfTests !== undefined && / FAILED/u.test(data.selfTests) ? data.selfTests : undefined;
    const identity = `${data.model ?? 'model unknown'}, serial ${data.serial ?? 'unknown'}`;
    const place = data.enclosure === undefined ? 'slot not known' : `enclosure ${data.enclosure}`;
    const where = data.pool === undefined ? 'in no pool' : `in pool ${data.pool}`;
    const inPool =
      data.pool !== undefined && isInService && !hasErrors ? await poolOf(nas, data.pool) : undefined;
    return {
      headline:
        `disk ${data.name} ${data.status ?? ''} ${where}${inPool?.state ?? ''}; ${identity}; ${place}`.replaceAll(
          '  ',
          ' ',
        ),
      findings: [
        ...judgeDisk({
          name: data.name,
          inPool:
            isInService && !hasErrors
              ? undefined
              : {
                  name: data.name,
                  isInService,
                  evidence: [data.status, data.errors, identity, place, data.redundancy]
                    .filter(Boolean)
                    .join('; '),
                  next: isInService
                    ? `get_disk ${JSON.stringify({ disk: data.name })}`
                    : `replace_disk ${JSON.stringify({ pool: data.pool ?? '<pool>', old: data.name, new: '<free disk>' })}${data.replacement === undefined ? '' : ` (${data.replacement})`}`,
                },
          smart: [...valueOr(alerts, []), ...some(tests && `self-test ${tests}`)],
          celsius: valueOr(temperatures, undefined)?.readings.get(data.name),
          hotAtCelsius: (data.name.startsWith('nvme') ? HOT_CELSIUS.nvme : HOT_CELSIUS.disk).warning,
          replacement: data.replacement,
        }),
        ...(inPool?.findings ?? []),
      ],
      unjudged: [
        ...some(inPool?.gap),
        ...some(gapText(alerts) && `alerts ${gapText(alerts)}`),
        ...some(gapText(temperatures) && `temperature ${gapText(temperatures)}`),
        ...unreadOf({ ...data, membership }),
        ...some(data.pool !== undefined && data.status === undefined && 'its state in the pool'),
      ],
      lines: [
        ...some(data.redundancy && `redundancy: ${data.redundancy}`),
        ...some(data.temperature && `temperature: ${data.temperature}`),
        data.selfTests === undefined
          ? 'self-tests: this release keeps them out of its API; on the NAS: smartctl -a'
          : `self-tests: ${data.selfTests}`,
      ],
    };
  },
};

/** States in which a pool has no trouble of its own. */
const WELL = /^(?:ONLINE|HEALTHY)$/u;
/** A pool whose other disks are at fault: its troubles, where a healthy disk was asked about. */
const OF_THE_POOL = /^(?:pool\.(?:degraded|unavailable|suspended|unhealthy)|disk\.)/u;

async function poolOf(
  nas: ReadClient,
  name: string,
): Promise<{ readonly state: string; readonly findings: readonly Finding[]; readonly gap?: string }> {
  const part = await readPart(nas, (limited) => poolStatus(limited, name));
  if ('gap' in part)
    return { state: '', findings: [], gap: `state of pool ${safeCell(name, 60)} ${gapText(part)}` };
  const { status } = part.value;
  if (status === null || WELL.test(status)) return { state: '', findings: [] };
  const troubled = await readPart(nas, (limited) => poolTroubles(limited, name));
  return {
    state: `, which is ${safeCell(status, 40)} though this disk is not at fault`,
    findings: valueOr(troubled, []).filter(({ kind }) => OF_THE_POOL.test(kind.id)),
    ...('gap' in troubled
      ? { gap: `why pool ${safeCell(name, 60)} is ${safeCell(status, 40)} ${gapText(troubled)}` }
      : {}),
  };
}

/** A pool that does not answer, such as the boot pool, is told elsewhere. */
async function poolStatus(nas: ReadClient, name: string): Promise<{ readonly status: string | null }> {
  const parameters = query({ filters: [['name', '=', name]], select: ['status'] });
  const [row] = rowsOf(await nas.call('pool.query', parameters), { status: field.text });
  return row ?? { status: null };
}

async function poolTroubles(nas: ReadClient, name: string): Promise<readonly Finding[]> {
  return (await pool.diagnose({ nas, nowMs: 0 }, name)).findings;
}

/** Facts of which the NAS did not tell; each says why. */
const FACTS = {
  membership: 'its pool',
  errors: 'its errors',
  redundancy: 'redundancy',
  replacement: 'what may replace it',
  temperature: 'its temperatures',
  selfTests: 'self-tests',
  sameSerial: 'whether another has its serial number',
} as const;

function unreadOf(facts: Partial<Record<keyof typeof FACTS, string | undefined>>): string[] {
  return (Object.keys(FACTS) as (keyof typeof FACTS)[]).flatMap((name) => {
    const text = facts[name];
    return text !== undefined && /could not be read|unknown|not known/u.test(text)
      ? [`${FACTS[name]}: ${safeCell(text, 160)}`]
      : [];
  });
}

const MAX_ALERTS = 4;

/** Active alerts that name the disk, or its serial number. Calls `alert.list`. */
async function alertsAbout(nas: ReadClient, name: string, serial: string | undefined): Promise<string[]> {
  const named = new RegExp(String.raw`(?:^|[^\w])${name.replaceAll(/[^\w]/gu, '.')}(?:[^\w]|$)`, 'u');
  return rowsOf(await nas.call('alert.list', []), alertRow)
    .filter((alert) => isActive(alert) && !isOfOtherNode(alert) && /SMART|Disk/u.test(alert.klass ?? ''))
    .filter((alert) => {
      const text = alertText(alert);
      return named.test(text) || (serial !== undefined && serial.length > 3 && text.includes(serial));
    })
    .slice(0, MAX_ALERTS)
    .map((alert) => safeCell(alertText(alert), 160));
}
