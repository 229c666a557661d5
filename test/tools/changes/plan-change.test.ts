/** A model finds the change tools that are not listed in the description of the tool that plans them. */
import { expect, it } from 'vitest';
import { UNLISTED } from '../../../src/tools/changes/plan-change.ts';
import { ALL_TOOLS } from '../../support/registry.ts';

it('plan_change names every change tool that is not listed', () => {
  const unlisted = ALL_TOOLS.filter((tool) => tool.kind === 'change' && tool.isUnlisted === true);
  expect(UNLISTED.toSorted()).toEqual(unlisted.map(({ name }) => name).toSorted());
});
