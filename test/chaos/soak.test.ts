/** Random faults from a seed. A few seeds always; for as long as wished with `npm run soak -- --minutes N --seed N`. */
import { describe, expect, it } from 'vitest';
import { heldBytes } from '../support/garbage.ts';
import { giantAnswer } from './giant.ts';
import { type FaultReport, runUnderFaults } from './random-faults.ts';

const minutes = Number(process.env.SOAK_MINUTES ?? '0');
const firstSeed = Number(process.env.SOAK_SEED ?? '1');
/** Bounds a soak whatever the clock says. */
const MAX_ROUNDS = 100_000;

describe.skipIf(minutes > 0)('under random faults', () => {
  it.each([1, 2, 3])(
    'seed %i: no read is lost, no write is sent twice, and calls work when the faults end',
    async (seed) => {
      const report = await runUnderFaults({ seed, steps: 60 });
      expect(report.wrong).toEqual([]);
      expect(report.answered).toBeGreaterThan(0);
      expect(report.connections).toBeGreaterThan(1);
    },
  );
});

describe.skipIf(minutes > 0).each(['24.10', 'core-13.3'] as const)('under random faults on %s', (release) => {
  it('no read is lost, nothing that changes anything is sent, and calls work when the faults end', async () => {
    const report = await runUnderFaults({ seed: 5, steps: 60, release });
    expect(report.wrong).toEqual([]);
    expect(report.answered).toBeGreaterThan(0);
    expect(report.written).toBe(0);
    expect(report.connections).toBeGreaterThan(1);
  });
});

describe.runIf(minutes > 0)('a soak', () => {
  it('begins with an answer of 100 MB, which is cut to size and not retained', async () => {
    const { isCut, isAlive, retainedTenths } = await giantAnswer(100);
    expect({ isCut, isAlive }).toEqual({ isCut: true, isAlive: true });
    expect(retainedTenths).toBeLessThan(2);
  }, 120_000);

  it(
    `of ${minutes} minutes`,
    async () => {
      const endMs = performance.now() + minutes * 60_000;
      const total: Record<string, number> = {};
      let seed = firstSeed;
      for (; seed < firstSeed + MAX_ROUNDS && performance.now() < endMs; seed += 1) {
        const report = await runUnderFaults({ seed, steps: 100 }).catch((error: unknown): never => {
          throw new Error(`seed ${seed} (again: npm run soak -- --seed ${seed})`, { cause: error });
        });
        expect(report.wrong, `seed ${seed}`).toEqual([]);
        add(total, report);
        process.stderr.write(
          `seed ${seed}: ${summary(total)}; ${Math.round((await heldBytes()) / 1e6)} MB\n`,
        );
      }
      expect(seed).toBeGreaterThan(firstSeed);
    },
    (minutes + 2) * 60_000,
  );
});

function add(total: Record<string, number>, report: FaultReport): void {
  for (const [name, value] of Object.entries(report)) {
    if (typeof value === 'number' && name !== 'seed') total[name] = (total[name] ?? 0) + value;
  }
}

function summary(total: Record<string, number>): string {
  const counts = Object.entries(total).map(([name, value]) => `${value} ${name}`);
  return counts.join(', ');
}
