/** Runs `doctor` against what a test has set up, and reads what it says. */
import type { Simulator } from 'truenas-simulator';
import type { Check } from '../../../src/cli/doctor/check.ts';
import { doctor } from '../../../src/cli/doctor/doctor.ts';

import type { Timings } from '../../../src/truenas/connection/timings.ts';

export type Env = Readonly<Record<string, string>>;

export interface Diagnosis {
  readonly code: number;
  readonly checks: readonly Check[];
  /** All that was printed. */
  readonly text: string;
}

/** For what never answers: waits that a test can bear. Anything else gets the waits of earnest use. */
export const IMPATIENT: Partial<Timings> = { connectTimeoutMs: 500, signInTimeoutMs: 500 };

/** What doctor says with these settings. */
export async function diagnose(
  env: Env,
  args: readonly string[] = [],
  timings: Partial<Timings> = {},
): Promise<Diagnosis> {
  const { code, text } = await printed(['--json', ...args], env, timings);
  const { checks } = JSON.parse(text) as { checks: Check[] };
  return { code, checks, text };
}

/** What doctor prints. */
export async function printed(
  args: readonly string[],
  env: Env,
  timings: Partial<Timings> = {},
): Promise<{ code: number; text: string }> {
  let text = '';
  const print = (part: string) => {
    text += part;
  };
  const code = await doctor(args, env, { print, timings });
  return { code, text };
}

/** Settings that are right for this NAS. */
export function envOf({ url, apiKey, username, fingerprint }: Simulator): Env {
  return {
    TRUENAS_URL: url,
    TRUENAS_API_KEY: apiKey,
    TRUENAS_USERNAME: username,
    TRUENAS_TLS_FINGERPRINT: fingerprint,
  };
}

/** The names of checks in a state, each once. */
export function named(checks: readonly Check[], state: Check['state']): string[] {
  return [...new Set(checks.filter((check) => check.state === state).map(({ name }) => name))];
}
