import { expect, it } from 'vitest';
import { SignInError } from '../../../src/truenas/errors.ts';
import { createSignInBudget } from '../../../src/truenas/sign-in/sign-in-budget.ts';

const LIMITS = { signInsPerMinute: 6, signInPauseMs: 60_000, signInPauseMaxMs: 600_000 };
const refusal = new SignInError('wrong-key', { summary: 'Wrong key.', nextStep: 'Check it.' });

function budget() {
  const clock = { nowMs: 1_000 };
  return { clock, budget: createSignInBudget(LIMITS, () => clock.nowMs) };
}

it('each refusal of a key makes the pause longer, up to its bound', () => {
  const { clock, budget: attempts } = budget();
  const pauses = Array.from({ length: 5 }, () => {
    attempts.begin();
    attempts.refused(refusal);
    const pauseMs = attempts.waitMs();
    clock.nowMs += pauseMs;
    expect(attempts.obstacle()).toBeUndefined();
    return pauseMs;
  });
  expect(pauses).toEqual([60_000, 180_000, 540_000, 600_000, 600_000]);
});

it('a refusal is told again during the pause, and forgotten with a success', () => {
  const { clock, budget: attempts } = budget();
  attempts.refused(refusal);
  clock.nowMs += 59_999;
  expect(attempts.obstacle()).toMatchObject({ reason: 'wrong-key' });
  attempts.succeeded();
  expect(attempts.obstacle()).toBeUndefined();
  attempts.refused(refusal);
  expect(attempts.waitMs()).toBe(60_000);
});

it('the seventh sign-in within a minute waits for the first one to be a minute old', () => {
  const { clock, budget: attempts } = budget();
  for (let count = 0; count < 6; count += 1) {
    expect(attempts.obstacle()).toBeUndefined();
    attempts.begin();
    clock.nowMs += 1_000;
  }
  expect(attempts.obstacle()).toMatchObject({ reason: 'rate-limited' });
  expect(attempts.waitMs()).toBe(54_000);
  clock.nowMs += 54_000;
  expect(attempts.obstacle()).toBeUndefined();
});

it.each(['redirect', 'rate-limited'] as const)(
  '%s, which passes by itself, is not waited for longer each time',
  (reason) => {
    let now = 0;
    const budget = createSignInBudget(
      { signInsPerMinute: 6, signInPauseMs: 60_000, signInPauseMaxMs: 600_000 },
      () => now,
    );
    for (let turn = 0; turn < 5; turn += 1) {
      now += budget.waitMs();
      budget.begin();
      budget.refused(new SignInError(reason, { summary: 'no', nextStep: 'wait' }));
    }
    expect(budget.waitMs()).toBe(60_000);
  },
);
