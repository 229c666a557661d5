/**
 * Calls of the rest of the program on a NAS behind the older protocol. They come by the names and in the form of the newer
 * one; what may leave, and what stands for it here, is decided in this place only.
 */
import type { WireValue } from '../client.ts';
import { decodeMessage, encodeParams } from '../connection/codec.ts';
import { MAX_IN_FLIGHT } from '../connection/call-queue.ts';
import type { Exchange, Outcome } from '../connection/json-rpc.ts';
import { checkMessageSize } from '../connection/message-size.ts';
import { isTrueNasError, TrueNasError } from '../errors.ts';
import { adaptationOf } from './adapt/index.ts';
import type { LegacyNas } from './dialect.ts';
import { doorProblem, onlyRead } from './door.ts';
import { createPlaces } from './places.ts';
import type { LegacyWire } from './wire.ts';

/** Sends a request; false when the connection takes none any more. */
type SendRequest = (exchange: Exchange, paramsText: string) => boolean;

/** The requests of one connection. */
export interface LegacyRequests {
  readonly send: SendRequest;
  /** The connection has ended: requests that are a matter of several calls end with it. */
  lose(problem: TrueNasError): void;
}

/** The connection that the requests go over. */
export interface RequestsOptions {
  readonly nas: LegacyNas;
  readonly wire: LegacyWire;
  /** Why the connection has ended; undefined while it is open. */
  readonly problem: () => TrueNasError | undefined;
}

/** Makes the way of requests to a NAS. */
export function createRequests({ nas, wire, problem }: RequestsOptions): LegacyRequests {
  const adapted = new Set<Exchange>();
  // One request may need several calls, and the NAS refuses the 21st at once.
  const places = createPlaces(MAX_IN_FLIGHT, closing);

  const sendCall: SendRequest = (exchange, paramsText) =>
    places.take((free) => {
      const settle = (outcome: Outcome) => {
        free();
        exchange.settle(outcome);
      };
      return wire.call({ method: exchange.method, settle }, paramsText);
    }, exchange);

  /** Through the door like every other call. */
  const ask = (method: string, params: readonly unknown[]): Promise<WireValue> =>
    new Promise((resolve, reject) => {
      const refused = doorProblem(method, nas);
      if (refused !== undefined) throw refused;
      const settle = (outcome: Outcome) => {
        if (outcome.kind === 'result') resolve(outcome.result);
        else reject(outcome.problem);
      };
      const paramsText = encodeParams(params);
      checkMessageSize(method, paramsText);
      if (!sendCall({ method, settle }, paramsText)) throw problem() ?? closing();
    });

  const adapt = (exchange: Exchange, answer: Promise<WireValue>): true => {
    adapted.add(exchange);
    // One that its connection did not outlive was told so already.
    const settle = (outcome: Outcome) => {
      if (adapted.delete(exchange)) exchange.settle(outcome);
    };
    answer.then(
      (result) => settle({ kind: 'result', result }),
      (error: unknown) => settle(failure(error)),
    );
    return true;
  };

  const send: SendRequest = (exchange, paramsText) => {
    const { method, isWrite } = exchange;
    if (isWrite === true) return later(exchange, { kind: 'error', problem: onlyRead(method, nas) });
    switch (method) {
      case 'core.subscribe':
        return wire.subscribe(named(exchange, paramsText), subject(paramsText));
      case 'core.unsubscribe':
        wire.unsubscribe(subject(paramsText));
        return later(exchange, { kind: 'result', result: null });
      // Open to every key, unlike the method, which an allow list has to name.
      case 'core.ping':
        return wire.ping(exchange);
      case 'system.version':
        if (nas.version !== undefined) return later(exchange, { kind: 'result', result: nas.version });
    }
    const adaptation = adaptationOf(method, nas);
    if (adaptation !== undefined) return adapt(exchange, adaptation(paramsOf(paramsText), ask));
    const refused = doorProblem(method, nas);
    if (refused !== undefined) return later(exchange, { kind: 'error', problem: refused });
    return sendCall(exchange, paramsText);
  };
  return {
    send,
    lose(problem) {
      const lost = [...adapted];
      adapted.clear();
      for (const exchange of lost) exchange.settle({ kind: 'lost', problem });
    },
  };
}

function failure(error: unknown): Outcome {
  if (isTrueNasError(error)) return { kind: 'error', problem: error };
  const problem = new TrueNasError('odd-answer', {
    summary: 'An answer of the NAS could not be brought into the form of later releases.',
    nextStep: 'Please report it.',
    cause: error,
  });
  return { kind: 'error', problem };
}

/** As an answer of the NAS comes: not before the one who asks has noted that the request is on its way. */
function later(exchange: Exchange, outcome: Outcome): true {
  queueMicrotask(() => exchange.settle(outcome));
  return true;
}

/** Named after the events, which an allow list has to name. */
function named(exchange: Exchange, paramsText: string): Exchange {
  return { method: subject(paramsText), settle: (outcome) => exchange.settle(outcome) };
}

function subject(paramsText: string): string {
  const [first] = paramsOf(paramsText);
  return typeof first === 'string' ? first : '';
}

function paramsOf(paramsText: string): WireValue[] {
  return decodeMessage(paramsText) as WireValue[];
}

function closing(): TrueNasError {
  return new TrueNasError('unreachable', {
    summary: 'The NAS is closing the connection.',
    nextStep: 'Call again; the connection is opened anew.',
  });
}
