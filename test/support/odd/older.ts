/**
 * A NAS from before TrueNAS 25.04 in memory. What is odd are its own answers, as they come over the wire: the client's forms
 * of them, which the tools see, are made of those.
 */
import {
  LEGACY_RELEASES,
  type LegacyRelease,
  type SimulatedRelease,
  startSimulator,
} from 'truenas-simulator';
import type { ReadClient, WireValue } from '../../../src/truenas/client.ts';
import { decodeMessage, encodeParams } from '../../../src/truenas/connection/codec.ts';
import { checkMessageSize } from '../../../src/truenas/connection/message-size.ts';
import { ApiAbsentError } from '../../../src/truenas/connection/http-problems.ts';
import type { Exchange } from '../../../src/truenas/connection/json-rpc.ts';
import { isTrueNasError, TrueNasError } from '../../../src/truenas/errors.ts';
import { isAnswered } from '../../../src/truenas/legacy/adapt/index.ts';
import type { LegacyNas } from '../../../src/truenas/legacy/dialect.ts';
import { openLegacyRpc } from '../../../src/truenas/legacy/open.ts';
import { createRequests, type LegacyRequests } from '../../../src/truenas/legacy/requests.ts';
import { silentLog } from '../../../src/truenas/log.ts';
import { parseRelease } from '../../../src/truenas/releases.ts';
import { namesIn } from '../../../src/truenas/renames.ts';
import { NOW_MS } from '../../nas-cases/support/odd-nas.ts';
import type { Answering } from './nas.ts';

const VERSIONS: Readonly<Record<LegacyRelease, string>> = {
  'core-13.0': 'TrueNAS-13.0-U6.8',
  'core-13.3': 'TrueNAS-13.3-U1.2',
  '24.10': 'TrueNAS-SCALE-24.10.2.4',
};

/** The release as one from before 25.04; undefined for another. */
export function olderRelease(release: SimulatedRelease): LegacyRelease | undefined {
  return LEGACY_RELEASES.find((each) => each === release);
}

/** Starts a simulator and asks it without the client's forms. */
export async function olderNas(
  release: LegacyRelease,
): Promise<{ readonly call: Answering; close(): Promise<void> }> {
  const simulator = await startSimulator({ release, plainHttp: 'loopback', now: () => NOW_MS });
  const rpc = await openLegacyRpc(
    {
      url: simulator.url,
      tls: {},
      connectTimeoutMs: TIMEOUT_MS,
      signal: new AbortController().signal,
      log: silentLog,
      scrub: (text) => text,
      onNotification() {},
      onEnd() {},
    },
    over,
  );
  await rpc.call('auth.login_with_api_key', [simulator.apiKey], TIMEOUT_MS);
  return {
    call: (method, params) => rpc.call(method, params, TIMEOUT_MS),
    async close() {
      rpc.close(over);
      await simulator.close();
    },
  };
}

const TIMEOUT_MS = 30_000;
const over = new ApiAbsentError({ summary: 'The test is over.', nextStep: 'None.' });

/** A client of a NAS that answers on the wire as it does at the moment. */
export function olderClient(current: () => Answering, family: LegacyRelease): ReadClient {
  const version = VERSIONS[family];
  const nas: LegacyNas = {
    product: family === '24.10' ? 'SCALE' : 'CORE',
    version,
    answers: (method) => isAnswered(method, nas),
  };
  const release = parseRelease(version);
  // What is kept of a NAS is of this one answering only.
  const known = new WeakMap<Answering, LegacyRequests>();
  const requests = () => {
    const answering = current();
    const made = known.get(answering) ?? requestsTo(nas, answering);
    known.set(answering, made);
    return made;
  };
  return {
    release: async () => release,
    has: async (method) => namesIn(release, method).some((name) => isAnswered(name, nas)),
    call: (method, params = []) =>
      new Promise((resolve, reject) => {
        const [name] = namesIn(release, method);
        const settle: Exchange['settle'] = (outcome) =>
          outcome.kind === 'result' ? resolve(outcome.result) : reject(outcome.problem);
        const paramsText = encodeParams(params);
        checkMessageSize(name, paramsText);
        requests().send({ method: name, settle }, paramsText);
      }),
  };
}

function requestsTo(nas: LegacyNas, answering: Answering): LegacyRequests {
  const wire: Parameters<typeof createRequests>[0]['wire'] = {
    call({ method, settle }, paramsText) {
      answering(method, decodeMessage(paramsText) as WireValue[]).then(
        (result) => settle({ kind: 'result', result }),
        (error: unknown) =>
          settle({ kind: 'error', problem: isTrueNasError(error) ? error : brokenTest(method, error) }),
      );
      return true;
    },
    ping({ settle }) {
      settle({ kind: 'result', result: 'pong' });
      return true;
    },
    subscribe: () => false,
    unsubscribe: () => false,
    connect: () => false,
    receive() {},
    lose() {},
  };
  return createRequests({ nas, wire, problem: () => undefined });
}

function brokenTest(method: string, cause: unknown): TrueNasError {
  return new TrueNasError('protocol', {
    summary: 'The test is broken.',
    nextStep: 'Mend it.',
    method,
    cause,
  });
}
