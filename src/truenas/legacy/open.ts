/**
 * Opens a connection to a NAS that has no JSON-RPC API: a TrueNAS CORE 13, or a SCALE up to 24.10. Loaded only once
 * `/api/current` was found not to be there.
 */
import type { WireValue } from '../client.ts';
import { encodeParams } from '../connection/codec.ts';
import type { ApiAbsentError } from '../connection/http-problems.ts';
import type { Exchange, JsonRpc, JsonRpcOptions } from '../connection/json-rpc.ts';
import { ownCall } from '../connection/own-call.ts';
import { type NasSocket, openSocket } from '../connection/socket.ts';
import { brokenProtocol, connectProblem } from '../connection/socket-problems.ts';
import { isTrueNasError, TrueNasError } from '../errors.ts';
import { isAnswered } from './adapt/index.ts';
import type { LegacyNas } from './dialect.ts';
import { listsApiVersions } from './detect.ts';
import { createRequests } from './requests.ts';
import { createWire } from './wire.ts';

const LEGACY_PATH = '/websocket';

/**
 * Opens it and finds out which product it is; nobody is signed in yet.
 * @param absence the failure at `/api/current`, which stands when the older protocol is not there either.
 */
export async function openLegacyRpc(options: JsonRpcOptions, absence: ApiAbsentError): Promise<JsonRpc> {
  if (await listsVersions(options)) throw hidden(options.url, absence);
  const nas: LegacyNas = {
    product: 'SCALE',
    version: undefined,
    answers: (method) => isAnswered(method, nas),
  };
  let endedWith: TrueNasError | undefined;
  let socket: NasSocket | undefined;
  const wire = createWire({
    nas,
    log: options.log,
    scrub: options.scrub,
    send: (text) => socket?.send(text) ?? false,
    onNotification: (notification) => options.onNotification(notification),
  });
  const requests = createRequests({ nas, wire, problem: () => endedWith });
  const end = (problem: TrueNasError) => {
    endedWith = problem;
    requests.lose(problem);
    wire.lose(problem);
  };
  const opened = await openSocket(
    { ...options, path: LEGACY_PATH },
    {
      onText: (text, from) => wire.receive(text, from),
      onEnd(problem) {
        end(problem);
        options.onEnd(problem);
      },
    },
  ).catch((error: unknown) => {
    throw isTrueNasError(error, 'unreachable') && error.cause === undefined ? absence : error;
  });
  socket = opened;
  const own = (method: string, timeoutMs: number, send: (exchange: Exchange) => boolean) =>
    ownCall(method, timeoutMs, (exchange) => {
      if (endedWith !== undefined) exchange.settle({ kind: 'lost', problem: endedWith });
      else if (!send(exchange)) exchange.settle({ kind: 'lost', problem: closing() });
    });
  const call = (method: string, params: readonly unknown[], timeoutMs: number): Promise<WireValue> =>
    own(method, timeoutMs, (exchange) =>
      method === 'core.ping' ? wire.ping(exchange) : wire.call(exchange, encodeParams(params)),
    );
  try {
    const greeting = await own('connect', options.connectTimeoutMs, (exchange) => wire.connect(exchange));
    if (greeting !== 'connected')
      throw brokenProtocol('The NAS refused the handshake of its older protocol.');
    nas.product = await productOf(call, options.connectTimeoutMs);
  } catch (error) {
    opened.close();
    throw error;
  }
  return {
    legacy: nas,
    send: requests.send,
    call,
    ping() {
      // Its web server closes a connection over which nothing came for 60 s, and a WebSocket's own pings do not reach it.
      wire.ping({ method: 'core.ping', settle() {} });
    },
    bytesReceived: () => opened.bytesReceived(),
    problem: () => endedWith,
    close(problem) {
      opened.close();
      end(problem);
    },
    fail: (problem) => opened.fail(problem),
    certificateDer: opened.certificateDer,
  };
}

async function listsVersions(options: JsonRpcOptions): Promise<boolean> {
  try {
    return await listsApiVersions(options);
  } catch (error) {
    if (error instanceof TrueNasError) throw error;
    throw connectProblem(error, new URL(options.url).host, undefined);
  }
}

/** Only CORE tells its product without a sign-in. */
async function productOf(
  call: (method: string, params: readonly unknown[], timeoutMs: number) => Promise<WireValue>,
  timeoutMs: number,
): Promise<LegacyNas['product']> {
  try {
    await call('system.product_type', [], timeoutMs);
    return 'CORE';
  } catch (error) {
    if (isTrueNasError(error, 'not-authorized')) return 'SCALE';
    throw error;
  }
}

function closing(): TrueNasError {
  return new TrueNasError('unreachable', {
    summary: 'The NAS is closing the connection.',
    nextStep: 'Call again; the connection is opened anew.',
  });
}

/** A TrueNAS that tells its API versions has the newer API, which something keeps from being reached. */
function hidden(address: string, absence: ApiAbsentError): TrueNasError {
  const { host } = new URL(address);
  return new TrueNasError('unreachable', {
    summary: `${host} is a TrueNAS of 25.04 or later, but its API at /api/current cannot be reached.`,
    nextStep:
      'Let the proxy in front of it pass the path /api/current with its WebSocket, or set TRUENAS_URL to the address of the NAS itself.',
    cause: absence,
  });
}
