/** A NAS in memory, each answer of which a test may replace, make fail or hold back. */
import { type SimulatedRelease, startSimulator } from 'truenas-simulator';
import { isQuery, queried, replyFor } from '../../nas-cases/support/answers.ts';
import { NOW_MS } from '../../nas-cases/support/odd-nas.ts';
import type { ReadClient, WireValue } from '../../../src/truenas/client.ts';
import { errorFromReply } from '../../../src/truenas/connection/reply-error.ts';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import { openTrueNas, silentLog, type TrueNas } from '../../../src/truenas/index.ts';
import { hasMethod } from '../../../src/truenas/method-table.ts';
import { olderClient, olderNas, olderRelease } from './older.ts';

export { NOW_MS };

/** Answers calls. @throws TrueNasError as a client does */
export type Answering = (method: string, params: readonly unknown[]) => Promise<WireValue>;

/** What a NAS answers, known from asking the simulator once for each call. */
export interface SimulatedAnswers {
  readonly answer: Answering;
  close(): Promise<void>;
}

/** Starts a simulator and remembers what it answers; of releases before 25.04 as they answer on the wire. */
export async function simulatedAnswers(release: SimulatedRelease = '25.10'): Promise<SimulatedAnswers> {
  const older = olderRelease(release);
  const nas = older === undefined ? await newerNas(release) : await olderNas(older);
  const known = new Map<string, Promise<WireValue>>();
  return {
    answer(method, params) {
      const key = `${method} ${JSON.stringify(params)}`;
      let answer = known.get(key);
      if (answer === undefined) {
        answer = nas.call(method, params);
        known.set(key, answer);
      }
      return answer;
    },
    close: () => nas.close(),
  };
}

async function newerNas(release: SimulatedRelease): Promise<{ call: Answering; close(): Promise<void> }> {
  const simulator = await startSimulator({ release, plainHttp: 'loopback', now: () => NOW_MS });
  const { url, apiKey, username } = simulator;
  const nas: TrueNas = openTrueNas({ url, apiKey, username, tls: {}, timeoutMs: 30_000, log: silentLog });
  return {
    call: (method, params) => nas.read.call(method, params),
    async close() {
      await nas.close();
      await simulator.close();
    },
  };
}

/** Answers as a case writes them; what is not there is the simulator's, but for rows, of which there are none. */
export function writtenAnswers(answers: Readonly<Record<string, unknown>>, rest: Answering): Answering {
  return async (method, params) => {
    if (!(method in answers)) {
      const value = await rest(method, params);
      return isQuery(method) ? settled(queried([], params), method) : value;
    }
    return settled(replyFor(answers[method], method, params, NOW_MS), method);
  };
}

function settled(reply: ReturnType<typeof replyFor>, method: string): WireValue {
  if (reply.kind === 'result') return reply.value as WireValue;
  if (reply.kind === 'error') throw failure(reply.error, method);
  throw noAnswer(method);
}

/** The error that a client makes of an error reply. */
export function failure(error: unknown, method: string): TrueNasError {
  return errorFromReply(error, { method, log: silentLog, scrub: (text) => text });
}

/** The error of a client that has waited long enough. */
export function noAnswer(method: string): TrueNasError {
  return new TrueNasError('timeout', {
    summary: `${method}: there was no answer within 30 s.`,
    nextStep: 'Try again.',
    method,
  });
}

/** A client of whatever answers at the moment. */
export function clientOf(current: () => Answering, family: SimulatedRelease = '25.10'): ReadClient {
  const older = olderRelease(family);
  if (older !== undefined) return olderClient(current, older);
  const release = { family, version: `TrueNAS-${family}.3` };
  return {
    release: async () => release,
    has: async (method) => hasMethod(method, release),
    call: (method, params = []) => current()(method, params),
  };
}
