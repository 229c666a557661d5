/**
 * Odd answers of real NASes, each with what a right answer says. They lie beside the project in `../shared/nas-cases`;
 * where they are absent (a public checkout) `describeNasCases` skips loudly. Nothing from there is copied into the project.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe } from 'vitest';

const folder = new URL('../../../../shared/nas-cases/', import.meta.url);

/** True when the cases are at hand; `WITHOUT_CONTRACT=1` makes believe that they are not, as in a public checkout. */
export const hasNasCases =
  process.env['WITHOUT_CONTRACT'] !== '1' && existsSync(new URL('cases.jsonl', folder));

/** One question to the server. */
export interface ToolCall {
  readonly tool: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** What the answers must be like; absent keys are not looked at. */
export interface Expectation {
  /** Whether one of the answers is an error. */
  readonly isError?: boolean;
  /** The verdict of the first answer. */
  readonly verdict?: string;
  /** Regular expressions (flags imu) that must be found in the texts of all answers, joined. */
  readonly must?: readonly string[];
  readonly mustNot?: readonly string[];
}

/** One odd NAS, and what is asked of it. */
export interface NasCase {
  readonly id: string;
  /** 25.10 when absent. */
  readonly release?: string;
  /** What is odd, in words. */
  readonly input: string;
  /** By method, what the NAS answers instead of the healthy one; see answers.ts for the special values. */
  readonly answers: Readonly<Record<string, unknown>>;
  readonly call: ToolCall | readonly ToolCall[];
  readonly expect: Expectation;
  /** What the right answer says, in words. */
  readonly right: string;
}

/** A case about what stands between client and NAS: in words only, to be built by hand. */
export interface EnvironmentCase {
  readonly id: string;
  readonly environment: true;
}

/** `describe` that says aloud when the cases are missing. */
export function describeNasCases(name: string, body: () => void): void {
  if (!hasNasCases) process.stderr.write(`SKIPPED (no ../shared/nas-cases): ${name}\n`);
  // oxlint-disable-next-line vitest/valid-title, vitest/valid-describe-callback
  describe.skipIf(!hasNasCases)(name, body);
}

/** The answers of a healthy NAS, over which a case lays its own. */
export function healthyAnswers(): Readonly<Record<string, unknown>> {
  return JSON.parse(readFileSync(new URL('base.json', folder), 'utf8')) as Record<string, unknown>;
}

/** The cases that are answers of a NAS; none where the folder is absent. */
export function loadNasCases(): NasCase[] {
  return loadAll().filter((each): each is NasCase => !('environment' in each));
}

/** Ids of the cases that are about what stands in between; none where the folder is absent. */
export function environmentIds(): string[] {
  return loadAll()
    .filter((each) => 'environment' in each)
    .map((each) => each.id);
}

function loadAll(): (NasCase | EnvironmentCase)[] {
  if (!hasNasCases) return [];
  const lines = readFileSync(new URL('cases.jsonl', folder), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as NasCase | EnvironmentCase);
}
