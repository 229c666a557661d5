import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateTokens, linesThatFit } from '../../../src/output/budget.ts';
import { fitAnswer } from '../../../src/output/fit-answer.ts';
import { dataTokens, fitData } from '../../../src/output/fit-data.ts';

/** Digits, words, gaps and marks next to each other: where an estimate by length is at its worst. */
const text = fc.array(fc.constantFrom('7', 'a', 'word', ' ', '   ', '-', 'é', '\n', '💾'), { maxLength: 60 });

describe('a quick look never says "it fits" where counting would not', () => {
  it('at a text', () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 0, max: 120 }), (parts, budget) => {
        const whole = parts.join('');
        const { text: shown } = fitAnswer({ text: whole, data: undefined }, budget);
        expect(shown === whole).toBe(estimateTokens(whole) <= budget);
      }),
      { seed: 7 },
    );
  });

  it('at lines', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.integer({ min: 1, max: 300 }), (parts, budget) => {
        const lines = parts.map((part) => part.join(''));
        const shown = linesThatFit(lines, budget);
        const cost = lines.slice(0, shown).reduce((sum, line) => sum + estimateTokens(line) + 1, 0);
        expect(cost <= budget || shown <= 1).toBe(true);
      }),
      { seed: 7 },
    );
  });

  it('at data, which comes back whole when it fits', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 20, max: 400 }), (value, limit) => {
        const data = { value };
        expect(fitData(data, limit).value === data).toBe(dataTokens(data) <= limit);
      }),
      { seed: 7 },
    );
  });

  it('at data of control characters, which are escaped in six', () => {
    const value = { text: '\u0001'.repeat(100) };
    expect(dataTokens(fitData(value, 200).value)).toBeLessThanOrEqual(200);
  });
});
