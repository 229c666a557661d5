import { expect, it } from 'vitest';
import { createMethodSearch } from '../../../../src/tools/api/method-search.ts';
import { contractCatalog } from '../../../support/catalog.ts';
import { CONTRACT_RELEASES, type ContractRelease, describeContract } from '../../../support/contract.ts';
import { HELD_OUT, SEEN } from './held-out.ts';
import { PHRASES, type Phrase } from './phrases.ts';

describeContract('search_api finds the method for an everyday phrase among its first five', () => {
  it.each(CONTRACT_RELEASES)('on %s for at least nine of ten phrases', async (release) => {
    const { missed, asked } = await recall(release, PHRASES);
    expect(asked).toBeGreaterThanOrEqual(95);
    expect(1 - missed.length / asked, `missed: ${missed.join('; ')}`).toBeGreaterThanOrEqual(0.9);
  });

  // No descriptions to search here, which a NAS has: names, parameters and what people call them is all there is.
  it.each(CONTRACT_RELEASES)(
    'on %s for four of five phrases that only showed what to improve',
    async (release) => {
      const { missed, asked } = await recall(release, SEEN);
      expect(asked).toBeGreaterThanOrEqual(100);
      expect(1 - missed.length / asked, `missed: ${missed.join('; ')}`).toBeGreaterThanOrEqual(0.8);
    },
  );

  it.each(CONTRACT_RELEASES)('on %s for two of three phrases that it has never seen', async (release) => {
    const { missed, asked } = await recall(release, HELD_OUT);
    expect(asked).toBeGreaterThanOrEqual(34);
    expect(1 - missed.length / asked, `missed: ${missed.join('; ')}`).toBeGreaterThanOrEqual(0.67);
  });

  it.each([
    ['turn on ssh', /^service\.(control|start|update)$/],
    ['who is connected over smb', /^smb\.status$/],
    ['rotate a certificate', /^certificate\.(update|create)$/],
  ])('for "%s" on 27.0', async (phrase, expected) => {
    const { methods } = await contractCatalog('27.0').all();
    const found = (await createMethodSearch(methods))(phrase).methods.slice(0, 5);
    expect(found.map(({ name }) => name)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });
});

async function recall(release: ContractRelease, phrases: readonly Phrase[]) {
  const { methods } = await contractCatalog(release).all();
  const search = await createMethodSearch(methods);
  const known = new Set(methods.map(({ name }) => name));
  const asked = phrases.filter(([, ...expected]) => expected.some((name) => known.has(name)));
  const missed = asked.filter(([phrase, ...expected]) => {
    const first = search(phrase).methods.slice(0, 5);
    return !first.some(({ name }) => expected.includes(name));
  });
  return {
    asked: asked.length,
    missed: missed.map(
      ([phrase]) =>
        `${phrase} → ${search(phrase)
          .methods.slice(0, 5)
          .map(({ name }) => name)
          .join(' ')}`,
    ),
  };
}
