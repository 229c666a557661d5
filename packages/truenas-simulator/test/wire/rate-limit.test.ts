/** The limit on calls before sign-in, by a clock of its own. */
import { expect, it } from 'vitest';
import { createRateLimiter, type RateLimiter } from '../../src/wire/rate-limit.ts';

function withClock(): { limiter: RateLimiter; pass: (ms: number) => void } {
  let now = 0;
  const limiter = createRateLimiter(20, () => now);
  return {
    limiter,
    pass(ms) {
      now += ms;
    },
  };
}

it('the 21st call within a minute is one too many, and the count begins anew after it', () => {
  const { limiter, pass } = withClock();
  const exceeded = (): boolean => limiter.isExceeded('core.ping', '192.0.2.1');
  expect(Array.from({ length: 20 }, exceeded)).not.toContain(true);
  pass(59_999);
  expect(exceeded()).toBe(true);
  expect(limiter.isExceeded('core.ping', '192.0.2.2')).toBe(false);
  pass(1);
  expect(exceeded()).toBe(false);
});

it('while the table holds exactly a hundred keys every call is one too many, with one more none is', () => {
  const { limiter, pass } = withClock();
  const calls = Array.from({ length: 101 }, (_, host) => limiter.isExceeded('core.ping', `host ${host}`));
  expect(calls.indexOf(true)).toBe(99);
  expect(calls[100]).toBe(false);
  expect(limiter.isExceeded('core.ping', 'host 0')).toBe(false);
  pass(600_000);
  expect(limiter.isExceeded('core.ping', 'host 0')).toBe(false);
  const others = Array.from({ length: 99 }, (_, host) => limiter.isExceeded('auth.login', `host ${host}`));
  expect(others.indexOf(true)).toBe(98);
});
