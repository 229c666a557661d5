/** The form of a measurement, and the programs that it measures. */
import type { Summary } from './statistics.ts';

/** One row of the report. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly ours: Summary;
  /** The yardstick, measured in the same run; absent for a figure of its own. */
  readonly against?: { readonly label: string; readonly summary: Summary };
  /** Ours divided by theirs (for a rate too: more is better there). */
  readonly ratio?: number;
  /** The goal for `ratio`, as text, e.g. `≤ 1.25`. */
  readonly goal?: string;
}

/** Programs and servers under measurement. */
export interface Bench {
  /** The checkout. */
  readonly root: string;
  /** dist/cli.js, as it is published. */
  readonly cli: string;
  /** A bundled SDK server with one tool that does nothing. */
  readonly bareServer: string;
  /** A bundled SDK server whose one tool makes the raw WebSocket calls that it is told. */
  readonly rawCallServer: string;
  /** A simulated NAS in a process of its own. */
  readonly nas: SimulatedNas;
  /** How often each thing is repeated; more for steadier medians. */
  readonly rounds: number;
}

/** How to reach the simulated NAS. */
export interface SimulatedNas {
  readonly url: string;
  readonly username: string;
  readonly apiKey: string;
  readonly fingerprint: string;
}

/** One subject, in a file of its own. */
export interface Measurement {
  readonly title: string;
  /** The method, for the reader of the report. */
  readonly method: string;
  measure(bench: Bench): Promise<Row[]>;
}

/** The environment that points a server to a NAS. */
export function nasEnvironment(nas: SimulatedNas): Record<string, string> {
  return {
    TRUENAS_URL: nas.url,
    TRUENAS_USERNAME: nas.username,
    TRUENAS_API_KEY: nas.apiKey,
    TRUENAS_TLS_FINGERPRINT: nas.fingerprint,
    TRUENAS_LOG_LEVEL: 'error',
  };
}

/** A row that compares. */
export function compare(
  name: string,
  unit: string,
  ours: Summary,
  label: string,
  theirs: Summary,
  goal?: string,
): Row {
  const ratio = ours.median / theirs.median;
  return {
    name,
    unit,
    ours,
    against: { label, summary: theirs },
    ratio,
    ...(goal === undefined ? {} : { goal }),
  };
}
