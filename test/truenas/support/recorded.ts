/**
 * Recorded exchanges of the protocol before JSON-RPC, with the client in the place of the recorder: a socket sends it the
 * frames that the real handlers sent, and hears what it says meanwhile.
 */
import { hasContract, readContractFile } from 'truenas-simulator/testing/contract';
import type { WebSocket } from 'ws';
import { ApiAbsentError } from '../../../src/truenas/connection/http-problems.ts';
import type { JsonRpc, Notification, Outcome } from '../../../src/truenas/connection/json-rpc.ts';
import type { TrueNasError } from '../../../src/truenas/errors.ts';
import { openLegacyRpc } from '../../../src/truenas/legacy/open.ts';
import { silentLog } from '../../../src/truenas/log.ts';
import { closers } from './client.ts';
import { legacyPeerForTest, refusals } from './legacy-peer.ts';

/** A frame of a recording: JSON, or a text that is none. */
export type Recorded = Readonly<Record<string, unknown>>;

/** One exchange with the real handlers, in the order in which it happened. */
export interface Recording {
  readonly release: string;
  readonly name: string;
  readonly order: readonly ({ readonly send: Recorded | string } | { readonly recv: Recorded })[];
}

/** All of them; none without the contract. */
export const RECORDINGS: readonly Recording[] = hasContract
  ? (JSON.parse(
      // Times were left out of the recordings.
      readContractFile('legacy/legacy-vectors.json').replaceAll('"<ms>"', '1700000000000'),
    ) as Recording[])
  : [];

/** An answer of the recording, and how it ended for the client. */
export interface Told {
  readonly method: string;
  readonly frame: Recorded;
  readonly outcome: Outcome | undefined;
}

/** A recorded exchange as the client went through it. */
export interface Replayed {
  /** What the client sent otherwise than was recorded. */
  readonly sentOtherwise: readonly string[];
  readonly told: readonly Told[];
  readonly notifications: readonly Notification[];
  /** The recorded events, in order. */
  readonly events: readonly Recorded[];
  /** The code that the NAS closed with, and what the client says of it. */
  readonly close: { readonly code: unknown; readonly problem: TrueNasError | undefined } | undefined;
  /** Set when the connection could not be opened. */
  readonly opening: TrueNasError | undefined;
}

/** The kinds of frames that a client sends; it has other ids. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  method: ['msg', 'method', 'params'],
  sub: ['msg', 'name'],
  unsub: ['msg'],
  ping: ['msg'],
};

const TIMEOUT_MS = 5_000;

/** Replays one. */
export async function replayed(recording: Recording): Promise<Replayed> {
  const product = recording.release.startsWith('CORE') ? 'CORE' : 'SCALE';
  const stage = createStage(recording, product);
  const peer = await legacyPeerForTest({ product, script: ({ frame, socket }) => stage.hear(frame, socket) });
  const notifications: Notification[] = [];
  let ended: TrueNasError | undefined;
  const signal = new AbortController();
  const opened = await openLegacyRpc(
    {
      url: peer.url,
      tls: {},
      connectTimeoutMs: TIMEOUT_MS,
      signal: signal.signal,
      log: silentLog,
      scrub: (text) => text,
      onNotification: (notification) => notifications.push(notification),
      onEnd: (problem) => {
        ended = problem;
      },
    },
    new ApiAbsentError({ summary: 'nothing there', nextStep: 'none' }),
  ).catch((error: unknown) => error as TrueNasError);
  if (opened instanceof Error) return { ...nothing, opening: opened };
  closers.push(async () => opened.close(new ApiAbsentError({ summary: 'over', nextStep: 'none' })));
  const { told, events, sentOtherwise } = await stage.play(opened);
  const code = stage.closedWith();
  if (code !== undefined) await until(() => ended !== undefined);
  await until(() => notifications.length >= events.length);
  return {
    sentOtherwise,
    told,
    events,
    notifications,
    close: code === undefined ? undefined : { code, problem: ended },
    opening: undefined,
  };
}

const nothing: Replayed = {
  sentOtherwise: [],
  told: [],
  notifications: [],
  events: [],
  close: undefined,
  opening: undefined,
};

function createStage({ order }: Recording, product: 'CORE' | 'SCALE') {
  const heard: { readonly frame: Recorded; readonly socket: WebSocket }[] = [];
  let rest = [...order];
  let closeCode: unknown;

  function hear(frame: Recorded, socket: WebSocket): unknown {
    if (frame['msg'] === 'connect') return greet(socket);
    if (
      frame['method'] === 'system.product_type' &&
      heard.length === 0 &&
      !isRecorded('system.product_type')
    ) {
      const answer = product === 'CORE' ? { result: 'CORE' } : { error: refusals.SCALE };
      return socket.send(JSON.stringify({ msg: 'result', id: frame['id'], ...answer }));
    }
    return heard.push({ frame, socket });
  }

  const isRecorded = (method: string) =>
    order.some((step) => 'send' in step && typeof step.send === 'object' && step.send['method'] === method);

  /** The first thing that the NAS said answers the handshake, whatever was said before. */
  function greet(socket: WebSocket): void {
    const at = rest.findIndex((step) => 'recv' in step);
    const step = rest[at];
    if (step === undefined || !('recv' in step)) return;
    rest = rest.slice(at + 1);
    emit(socket, step.recv, new Map());
  }

  function emit(socket: WebSocket, recv: Recorded, ids: ReadonlyMap<unknown, unknown>): void {
    if ('close' in recv) {
      const { code, reason } = recv['close'] as { code: number; reason?: string };
      closeCode = code;
      // The end without a word cannot be asked for.
      if (code === 1006) socket.terminate();
      else socket.close(code, reason?.slice(0, 120));
      return;
    }
    const subs = Array.isArray(recv['subs'])
      ? recv['subs'].map((id: unknown) => ids.get(id) ?? id)
      : undefined;
    const id = ids.get(recv['id']) ?? recv['id'];
    socket.send(
      JSON.stringify({
        ...recv,
        ...(id === undefined ? {} : { id }),
        ...(subs === undefined ? {} : { subs }),
      }),
    );
  }

  async function play(rpc: JsonRpc) {
    const ids = new Map<unknown, unknown>();
    const asked = new Map<unknown, { readonly method: string; outcome: Outcome | undefined }>();
    const told: { method: string; frame: Recorded; of: { outcome: Outcome | undefined } }[] = [];
    const events: Recorded[] = [];
    const sentOtherwise: string[] = [];
    let socket: WebSocket | undefined;
    for (const step of rest) {
      if ('recv' in step) {
        const { recv } = step;
        if (socket !== undefined) emit(socket, recv, ids);
        const of = asked.get(recv['id'] ?? (recv['subs'] as unknown[] | undefined)?.[0]);
        if (of !== undefined && recv['msg'] !== 'nosub') told.push({ method: of.method, frame: recv, of });
        else if ('collection' in recv) events.push(recv);
        // What the client says next may hang on what it heard.
        await until(() => of === undefined || of.outcome !== undefined);
        continue;
      }
      const { send } = step;
      const count = heard.length;
      const exchange: { method: string; outcome: Outcome | undefined } = {
        method: 'system.info',
        outcome: undefined,
      };
      exchange.method = say(rpc, send, ids, (outcome) => {
        exchange.outcome = outcome;
      });
      await until(() => heard.length > count || rpc.problem() !== undefined);
      const last = heard[count];
      if (last === undefined) continue;
      socket = last.socket;
      if (typeof send === 'object' && 'id' in send) {
        ids.set(send['id'], last.frame['id']);
        if (send['msg'] !== 'unsub') asked.set(send['id'], exchange);
      }
      const difference = otherwise(send, last.frame);
      if (difference !== undefined) sentOtherwise.push(difference);
    }
    return {
      events,
      sentOtherwise,
      told: told.map(({ method, frame, of }): Told => ({ method, frame, outcome: of.outcome })),
    };
  }
  return { hear, play, closedWith: () => closeCode };
}

/** Has the client say what was said, or, of what it never says, something else that is answered. Answers the method. */
function say(
  rpc: JsonRpc,
  send: Recorded | string,
  ids: ReadonlyMap<unknown, unknown>,
  settle: (outcome: Outcome) => void,
): string {
  const call = (method: string, params: readonly unknown[]) => {
    rpc.call(method, params, TIMEOUT_MS).then(
      (result) => settle({ kind: 'result', result }),
      (problem: TrueNasError) => settle({ kind: 'error', problem }),
    );
    return method;
  };
  if (!isSayable(send)) return call('system.info', []);
  const name = String(send['name']);
  switch (send['msg']) {
    case 'method':
      return call(String(send['method']), send['params'] as unknown[]);
    case 'ping':
      return call('core.ping', []);
    case 'sub':
      rpc.send({ method: 'core.subscribe', settle }, JSON.stringify([name]));
      return name;
    default:
      rpc.send({ method: 'core.unsubscribe', settle }, JSON.stringify([ids.get(send['id']) ?? send['id']]));
      return 'core.unsubscribe';
  }
}

/** True for a frame of the kinds that the client has; `core.ping` is a ping for it. */
function isSayable(send: Recorded | string): send is Recorded {
  if (typeof send === 'string' || !('id' in send) || send['method'] === 'core.ping') return false;
  const keys = KINDS[String(send['msg'])];
  if (keys?.every((key) => key in send) !== true) return false;
  return send['msg'] !== 'method' || Array.isArray(send['params']);
}

function otherwise(send: Recorded | string, heard: Recorded): string | undefined {
  if (!isSayable(send)) return undefined;
  const [wanted, got] = [send, heard].map((frame) =>
    JSON.stringify(Object.entries({ ...frame, id: 0 }).toSorted(([a], [b]) => a.localeCompare(b))),
  );
  return wanted === got ? undefined : `${got} instead of ${wanted}`;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 400 && !isSo(); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, tries < 20 ? 0 : 5));
}
