/** What is wrong with a disk: in its pool, and by what it says of itself. */
import { judgeDisk } from '../../../findings/disk.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { lookAtDisk } from '../../storage/get-disk.ts';
import { readTemperatures } from '../../storage/disk-temperatures.ts';
import { gapText, readPart, valueOr } from '../../support/part.ts';
import { rowsOf } from '../../support/rows.ts';
import { alertRow, alertText, isActive, isOfOtherNode } from '../alerts.ts';
import { HOT_CELSIUS } from '../overview/disks.ts';
import { DISK_LOOK_USES } from './pool.ts';
import { some, type Subject } from './subject.ts';

export const disk: Subject = {
  uses: ['alert.list', ...DISK_LOOK_USES],
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
    return {
      headline: `disk ${data.name} ${data.status ?? ''} ${where}; ${identity}; ${place}`.replaceAll(
        '  ',
        ' ',
      ),
      findings: judgeDisk({
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
      unjudged: [
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
