/** Clients and peers for one test file, closed after each test. */
import { afterEach } from 'vitest';
import { openTrueNas, type Log, type TrueNas, type TrueNasOptions } from '../../../src/truenas/index.ts';
import type { Timings } from '../../../src/truenas/connection/timings.ts';
import { type Peer, type PeerOptions, startPeer } from './peer.ts';

export const API_KEY = '7-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789xy';

/** Short waits; nothing in a test waits for one of the long ones. */
export const QUICK: Partial<Timings> = {
  connectTimeoutMs: 2_000,
  signInTimeoutMs: 2_000,
  backOffFirstMs: 5,
  backOffMaxMs: 50,
  reconnectWindowMs: 3_000,
  heartbeatMs: 60_000,
  tooManyCallsWaitMs: 10,
  stuckMs: 50,
  jobPollMs: 60_000,
  jobPollWithoutEventsMs: 20,
  signInsPerMinute: 50,
};

export interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly details: unknown;
}

/** A log that keeps everything, debug lines included. */
export function keepingLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at = (level: keyof Log) => (message: string, details?: unknown) => {
    lines.push({ level, message, details });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

export async function peerForTest(options: PeerOptions = {}): Promise<Peer> {
  const peer = await startPeer(options);
  closers.push(() => peer.close());
  return peer;
}

export function clientForTest(
  url: string,
  options: Partial<TrueNasOptions> = {},
  timings: Partial<Timings> = {},
): TrueNas {
  const nas = openTrueNas(
    { url, apiKey: API_KEY, username: 'monitor', tls: {}, timeoutMs: 5_000, log: keepingLog(), ...options },
    { ...QUICK, ...timings },
  );
  closers.push(() => nas.close());
  return nas;
}

/** The error that a promise ends in; fails when it does not. */
export async function problemOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error(`rejected with something that is not an Error: ${String(error)}`);
  }
  throw new Error('expected a rejection');
}
