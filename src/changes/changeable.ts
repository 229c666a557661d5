/** The gate before every plan: releases before 25.04 are only read. Nothing on them bounds what a key does, and nothing masks what it reads. */
import type { ReadClient } from '../truenas/client.ts';
import { TrueNasError } from '../truenas/errors.ts';
import { isAtLeast } from '../truenas/releases.ts';

/** The first release that this program changes anything on. */
const FIRST = '25.04';

/**
 * Makes a plan on a NAS that may be changed. What is refused without a look at the NAS is refused so; the gate stands before
 * the first look, and behind the plan.
 * @throws TrueNasError `not-authorized` for a NAS that is only read; what `plan` throws
 */
export async function planWhereChangeable<Nas extends ReadClient, Planned>(
  nas: Nas,
  plan: (nas: Nas) => Promise<Planned>,
): Promise<Planned> {
  let wasAsked = false;
  const gated: Nas = {
    ...nas,
    release(options) {
      wasAsked = true;
      return nas.release(options);
    },
    async call(method, params, options) {
      await checkChangeable(nas);
      return nas.call(method, params, options);
    },
    async has(method, options) {
      await checkChangeable(nas);
      return nas.has(method, options);
    },
  };
  let planned: Planned;
  try {
    planned = await plan(gated);
  } catch (error) {
    // A catalog that is another one there says nothing of why.
    if (wasAsked) await checkChangeable(nas);
    throw error;
  }
  await checkChangeable(nas);
  return planned;
}

/** @throws TrueNasError `not-authorized` for a NAS that is only read; whatever keeps its release from being read */
export async function checkChangeable(nas: Pick<ReadClient, 'release'>): Promise<void> {
  const release = await nas.release();
  if (isAtLeast(release, FIRST)) return;
  const name = release.version.replace(/^TrueNAS-(?:SCALE-)?/u, '').slice(0, 40);
  throw new TrueNasError('not-authorized', {
    summary: `Nothing was planned: this program only reads TrueNAS ${name === '' ? release.family : name}, and changes nothing on it.`,
    nextStep: `Do it in the web interface of the NAS, or move it to TrueNAS ${FIRST} or later, where changes can be planned, approved and undone.`,
  });
}
