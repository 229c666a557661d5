import { expect, it } from 'vitest';
import { createTemporaryScrubber } from '../../../src/truenas/connection/scrub.ts';

it('a temporary scrubber takes every secret out, and none once it has forgotten them', () => {
  const scrubber = createTemporaryScrubber(['pass word', '', '12-abcdefgh0123456789']);
  const text = 'login(pass word, 12-abcdefgh0123456789) via abcdefgh0123456789';
  expect(scrubber.scrub(text)).toBe('login([redacted], [redacted]) via [redacted]');
  scrubber.forget();
  expect(scrubber.scrub(text)).toBe(text);
});
