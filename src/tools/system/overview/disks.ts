/** Temperatures of the disks. */
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { readTemperatures } from '../../storage/disk-temperatures.ts';
import type { Finding } from './finding.ts';
import type { Subject } from './subject.ts';

/** Limits in degrees Celsius. A hard disk ages fast above 50; an NVMe drive bears more. */
export const HOT_CELSIUS = { disk: { warning: 50, critical: 60 }, nvme: { warning: 70, critical: 80 } };

export const disks: Subject = {
  name: 'disk temperatures',
  uses: ['disk.temperatures'],
  async read({ nas }) {
    const { readings, implausible } = await readTemperatures(nas, []);
    const hottestFirst = [...readings]
      .map(([name, celsius]) => ({ name: safeCell(name, 20), celsius }))
      .toSorted((a, b) => b.celsius - a.celsius);
    const findings = hottestFirst.flatMap(({ name, celsius }): Finding[] => {
      const limit = name.startsWith('nvme') ? HOT_CELSIUS.nvme : HOT_CELSIUS.disk;
      if (celsius < limit.warning) return [];
      const level = celsius >= limit.critical ? 'CRITICAL' : 'WARNING';
      const next = `get_disk ${JSON.stringify({ disk: name })}`;
      return [{ level, text: `disk ${name} ${celsius} °C`, next }];
    });
    const [hottest] = hottestFirst;
    const most = hottest ? `, hottest ${hottest.name} ${hottest.celsius} °C` : '';
    const isAnyKnown = hottestFirst.length > 0 || implausible.size === 0;
    return {
      findings,
      summary: isAnyKnown ? `${plural(hottestFirst.length, 'disk')} with a temperature${most}` : '',
      unknown: [...implausible].map(([name, said]) => `${safeCell(name, 20)}: ${said}`),
    };
  },
};
