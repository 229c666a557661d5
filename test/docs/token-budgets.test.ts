import { beforeAll, describe, expect, it } from 'vitest';
import { measureTokenCosts, type TokenCosts } from '../../scripts/docs/token-costs.ts';
import budgets from './token-budgets.json' with { type: 'json' };

/** What may be added without touching the budget file. */
const GROWTH = 1.05;

let costs: TokenCosts;
beforeAll(async () => {
  costs = await measureTokenCosts();
});

describe.each(['lists', 'answers'] as const)('tokens of %s', (part) => {
  it.each(Object.entries(budgets[part]))('%s stay within 5 %% of %i', (name, budget) => {
    expect(costs[part][name]).toBeLessThanOrEqual(Math.floor(budget * GROWTH));
  });

  it('all have a budget (npm run budgets writes them)', () => {
    expect(Object.keys(costs[part])).toEqual(Object.keys(budgets[part]));
  });
});
