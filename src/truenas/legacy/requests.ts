/**
 * Calls of the rest of the program on a NAS behind the older protocol. They come by the names and in the form of the newer
 * one; what may leave, and what stands for it here, is decided in this place only.
 */
import type { WireValue } from '../client.ts';
import { decodeMessage } from '../connection/codec.ts';
import type { Exchange, Outcome } from '../connection/json-rpc.ts';
import type { LegacyNas } from './dialect.ts';
import { doorProblem, onlyRead } from './door.ts';
import type { LegacyWire } from './wire.ts';

/** Sends a request; false when the connection takes none any more. */
export type SendRequest = (exchange: Exchange, paramsText: string) => boolean;

/** Makes the way of requests to a NAS. */
export function createRequests(nas: LegacyNas, wire: LegacyWire): SendRequest {
  return (exchange, paramsText) => {
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
    const problem = doorProblem(method, nas);
    if (problem !== undefined) return later(exchange, { kind: 'error', problem });
    return wire.call(exchange, paramsText);
  };
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
  const [first] = decodeMessage(paramsText) as WireValue[];
  return typeof first === 'string' ? first : '';
}
