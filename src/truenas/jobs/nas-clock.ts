/** The clock of the NAS against that of this computer: only with it can the start of a job be compared with a call. */
import type { CallOptions, ReadClient } from '../client.ts';
import { isTrueNasError } from '../errors.ts';

/** Times of the NAS are whole seconds, and the way to it takes time. */
const TOLERANCE_MS = 3_000;

/** Moments of this computer on the clock of the NAS. */
export interface NasClock {
  /** True when the NAS's moment lies between two of ours, give or take. */
  isBetween(nasMoment: Date | undefined, fromMs: number, toMs: number): boolean;
}

/** Reads the clock (`system.info`); undefined when the account may not, or the NAS does not tell. */
export async function readNasClock(
  read: Pick<ReadClient, 'call'>,
  options?: CallOptions,
): Promise<NasClock | undefined> {
  const askedMs = Date.now();
  const nowOnNas = await nasTime(read, options);
  if (nowOnNas === undefined) return undefined;
  const aheadMs = nowOnNas - (askedMs + Date.now()) / 2;
  return {
    isBetween(nasMoment, fromMs, toMs) {
      if (nasMoment === undefined) return false;
      const ours = nasMoment.getTime() - aheadMs;
      return ours >= fromMs - TOLERANCE_MS && ours <= toMs + TOLERANCE_MS;
    },
  };
}

async function nasTime(
  read: Pick<ReadClient, 'call'>,
  options: CallOptions | undefined,
): Promise<number | undefined> {
  try {
    const info = await read.call('system.info', [], options);
    const time = info !== null && typeof info === 'object' && 'datetime' in info ? info.datetime : undefined;
    return time instanceof Date ? time.getTime() : undefined;
  } catch (error) {
    if (isTrueNasError(error, 'not-authorized') || isTrueNasError(error, 'method-missing')) return undefined;
    throw error;
  }
}
