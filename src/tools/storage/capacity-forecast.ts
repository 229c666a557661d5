/** `capacity_forecast`: when pools are full, and which datasets fill them. */
import * as z from 'zod';
import { judgeCapacity, LEAST_COVERED_PERCENT, type PoolGrowth } from '../../findings/capacity.ts';
import { judgeSpace } from '../../findings/space.ts';
import { formatDuration } from '../../output/time.ts';
import { plural } from '../../output/units.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { Columns } from '../define-list.ts';
import { defineTool } from '../define.ts';
import { clockOf } from '../support/clock.ts';
import { optionalName } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { reportAnswer } from '../support/report.ts';
import { type DatasetGrowth, GROWTH_USES, readGrowth } from './capacity-facts.ts';
import { unknownPool } from './find.ts';
import { growthOfPool, readPools, share, spaceOf, unreadOf, untoldOf } from './forecast-pool.ts';
import { headlineOf, partLine, poolLine, rangeText, signedMonth } from './forecast-text.ts';
import { readNames, unseenOf } from './unseen-pools.ts';

/** Most pools that are read when none is named: the fullest. */
const MAX_POOLS = 4;

/** A dataset that holds less only parents other datasets. */
const EMPTY_BYTES = 1 << 20;

interface Row extends DatasetGrowth {
  readonly dataset: string;
}

const COLUMNS: Columns<Row> = {
  dataset: { type: 'text', maxLength: 100, isKey: true },
  own: { type: 'bytes', value: ({ ownBytes }) => ownBytes },
  month: { type: 'text', key: 'growthPerMonth', value: ({ growth }) => growth && signedMonth(growth.perDay) },
  range: {
    type: 'text',
    value: ({ growth }) => (growth === undefined || growth.spanMs === 0 ? undefined : rangeText(growth)),
  },
  history: {
    type: 'text',
    value: ({ growth }) => (growth && growth.spanMs > 0 ? formatDuration(growth.spanMs) : undefined),
  },
  note: { type: 'text', value: ({ why }) => why },
};

/** When pools are full, and which datasets fill them. */
export const capacityForecast = defineTool({
  name: 'capacity_forecast',
  toolset: 'storage',
  title: 'Capacity forecast',
  words:
    'when full how long will space last growth trend months until pool is full forecast fills up capacity planning',
  description: 'When pools reach 80, 90 and 100 %, with the range, how sure, and which dataset drives it.',
  input: z.strictObject({ pool: z.string().optional() }),
  output: factsOutput,
  view: 'report',
  carriesFreeText: true,
  uses: [...GROWTH_USES, 'pool.query', 'system.info'],
  mayLack: [{ method: 'system.info' }, { method: 'pool.snapshot.query' }, { method: 'pool.query' }],
  examples: [
    { args: {}, why: 'all pools' },
    { args: { pool: 'tank' }, why: 'one pool' },
    { args: { pool: 'tnk' }, why: 'a mistyped pool' },
  ],
  async run(nas, input, context) {
    const name = optionalName(input.pool);
    const [clock, pools, names] = await Promise.all([
      clockOf(nas, context.now()),
      readPools(nas, name),
      readPart(nas, (limited) => readNames(limited, name)),
    ]);
    const unseen = unseenOf(pools, valueOr(names, []));
    if (pools.length === 0 && unseen.length === 0 && name !== undefined)
      throw await unknownPool(nas, 'pool', name);
    const named = pools.filter((pool) => pool.name !== '');
    const looked = named.toSorted((a, b) => share(b) - share(a)).slice(0, MAX_POOLS);
    const facts = await readGrowth(
      nas,
      looked.map((pool) => pool.name),
      clock.nowMs,
    );
    const grown = looked.flatMap((pool) => growthOfPool(pool, facts.datasets) ?? []);
    const isKnown = ({ coveredPercent }: PoolGrowth): boolean => coveredPercent >= LEAST_COVERED_PERCENT;
    const known = grown.filter(isKnown);
    const { nowMs } = clock;
    return reportAnswer({
      tool: 'capacity_forecast',
      release: await nas.release(),
      args: input,
      headline: headlineOf(looked.length + unseen.length, known, nowMs),
      findings: [...judgeSpace(looked.map(spaceOf), []), ...judgeCapacity(known, nowMs)],
      unjudged: [
        ...(named.length < pools.length
          ? [`the names of ${plural(pools.length - named.length, 'pool')}`]
          : []),
        ...looked.flatMap((pool) => unreadOf(pool, facts)),
        ...unseen,
        ...('gap' in names ? [`whether there are more pools ${gapText(names)}`] : []),
        ...(clock.isGuessed ? ['the clock of the NAS, so dates are by the one here'] : []),
      ],
      untold: looked.flatMap((pool) => untoldOf(pool, facts, grown)),
      lines: [
        ...clock.notes,
        ...known.map((pool) => poolLine(pool, nowMs)),
        ...grown.filter((pool) => !isKnown(pool)).flatMap((pool) => partLine(pool, nowMs)),
        ...(named.length > looked.length
          ? [`(${plural(named.length - looked.length, 'less full pool')} not looked at: name one)`]
          : []),
        'By what kept snapshots say their datasets held, as no history of usage is read: what snapshots hold themselves counts as it is now, smaller datasets count as not growing, and large copies or deletions to come are in no history.',
      ],
      ...(facts.datasets.length === 0 ? {} : { table: tableOf(facts.datasets) }),
      budgetTokens: context.budgetTokens,
    });
  },
});

/** Datasets that hold something, those that grow most first. */
function tableOf(datasets: readonly DatasetGrowth[]) {
  return {
    noun: 'datasets',
    columns: COLUMNS,
    rows: datasets
      .filter(({ ownBytes }) => ownBytes === null || ownBytes >= EMPTY_BYTES)
      .map((each) => ({ ...each, dataset: safeCell(each.id ?? '-', 100) }))
      .toSorted((a, b) => (b.growth?.perDay ?? -1) - (a.growth?.perDay ?? -1)),
  };
}
