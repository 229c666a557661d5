/** What a key with few roles gets of migration_check: every method is refused in turn, on a release that it is asked of. */
import { expect, test } from 'vitest';
import type { ReadClient } from '../../../src/truenas/client.ts';
import { type Answer, refusing, runTool, toolNamed, useTools } from '../../support/tools.ts';

const tool = toolNamed('migration_check');
/** What CORE is not asked for, 24.10 or 25.04 is. */
const benches = [
  useTools({ release: 'core-13.0' }),
  useTools({ release: '24.10' }),
  useTools({ release: '25.04' }),
];
const TARGET = { target: '27.0' };

test('each method that it declares leaves the rest standing, and is named as a gap', async () => {
  const missing = new Set(tool.uses);
  for (const { nas } of benches) {
    const whole = await runTool(nas, tool, TARGET);
    const asked = await askedOf(nas);
    for (const method of [...missing].filter((each) => asked.has(each))) {
      const part = await runTool(refusing(nas, method), tool, TARGET);
      const isSaid = /not judged: [^\n]*could not be read \(not allowed for this API key/u.test(part.text);
      const more = idsOf(part).filter((id) => !idsOf(whole).includes(id));
      // One method serves a few checks; what it does not serve stands.
      const isRestThere = idsOf(whole).length - idsOf(part).length <= 6;
      expect({ method, isSaid, more, isRestThere }).toEqual({
        method,
        isSaid: true,
        more: [],
        isRestThere: true,
      });
      missing.delete(method);
    }
  }
  expect([...missing]).toEqual([]);
  expect((tool.mayLack ?? []).map(({ method }) => method).toSorted()).toEqual(tool.uses.toSorted());
});

const idsOf = ({ data }: Answer): string[] => data.findings.map(({ id }: { id: string }) => id);

/** The methods that it asks this NAS for. */
async function askedOf(nas: ReadClient): Promise<ReadonlySet<string>> {
  const asked = new Set<string>();
  const noting: ReadClient = {
    ...nas,
    origin: undefined,
    call(method, params, options) {
      asked.add(method);
      return nas.call(method, params, options);
    },
  };
  await runTool(noting, tool, TARGET);
  return asked;
}
