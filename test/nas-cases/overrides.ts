/**
 * Cases whose answer is right in other words than the case expects. An entry replaces the case's expectation, and says why
 * the words differ; nothing stands here to make a wrong answer pass.
 */
import type { Expectation } from './support/nas-case.ts';

/** What a case expects instead, and why. */
export interface Override {
  readonly expect: Expectation;
  readonly reason: string;
}

/** By the case's id. */
export const OVERRIDES: Readonly<Record<string, Override>> = {};
