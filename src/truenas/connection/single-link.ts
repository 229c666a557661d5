/**
 * The link of a write session: one connection, signed in once. When it ends it stays ended, because the credential is gone;
 * whoever wants to write again must sign in again.
 */
import { TrueNasError } from '../errors.ts';
import type { SignedIn } from '../sign-in/sign-in.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { JsonRpc } from './json-rpc.ts';
import type { Link, LinkHost } from './link.ts';
import { isSessionGone } from './reply-error.ts';
import { openSession, type SessionOptions } from './session.ts';
import type { Timings } from './timings.ts';

/** An open connection that no calls use yet. */
export interface SingleLink {
  readonly signedIn: SignedIn;
  /** Fires when the connection has ended; its reason is a TrueNasError `closed`. */
  readonly ended: AbortSignal;
  /** Hands the connection over to its calls; once. */
  attach(host: LinkHost): Link;
}

/** The options of {@link openSingleLink}. */
export interface SingleLinkOptions extends Pick<SessionOptions, 'options' | 'scrub'> {
  readonly timings: Timings;
  signIn(rpc: JsonRpc): Promise<SignedIn>;
}

interface SingleState {
  readonly timings: Timings;
  readonly ending: AbortController;
  /** Why it ended; undefined while it is open. */
  endedBy: TrueNasError | undefined;
  host: LinkHost | undefined;
  stopHeartbeat: (() => void) | undefined;
  /** On the monotonic clock, in milliseconds. */
  lastUse: number;
}

/** Connects and signs in. @throws TrueNasError; nothing stays open then */
export async function openSingleLink(single: SingleLinkOptions): Promise<SingleLink> {
  const { options, timings, scrub } = single;
  const state: SingleState = {
    timings,
    ending: new AbortController(),
    endedBy: undefined,
    host: undefined,
    stopHeartbeat: undefined,
    lastUse: performance.now(),
  };
  const { rpc, signedIn } = await openSession({
    options,
    scrub,
    connectTimeoutMs: timings.connectTimeoutMs,
    signIn: single,
    signal: state.ending.signal,
    onOpen() {},
    onNotification: (notification) => state.host?.onNotification(notification),
    onEnd: (cause) => end(state, sessionLost(cause)),
  });
  // It may have ended in the very packet that held the answer to the sign-in.
  const problem = rpc.problem();
  if (problem !== undefined) throw problem;
  return { signedIn, ended: state.ending.signal, attach: (host) => attach(state, { rpc, signedIn }, host) };
}

function attach(
  state: SingleState,
  { rpc, signedIn }: { readonly rpc: JsonRpc; readonly signedIn: SignedIn },
  host: LinkHost,
): Link {
  state.host = host;
  /** Deferred: the call that noticed is still being put where the end finds it. */
  const endLater = () =>
    queueMicrotask(() => {
      const cause = sessionGone();
      rpc.close(cause);
      end(state, cause);
    });
  state.stopHeartbeat = startHeartbeat(rpc, state.timings, {
    idleMs: () => (host.isBusy() ? 0 : performance.now() - state.lastUse),
    onUse: () => touch(state),
    onRefused(error) {
      if (isSessionGone(error)) endLater();
    },
  });
  // Deferred: the connection of these calls is still being made.
  queueMicrotask(() => {
    if (state.endedBy === undefined) host.onReady();
  });
  return {
    rpc: () => (state.endedBy === undefined ? rpc : undefined),
    connectForCaller() {
      if (state.endedBy !== undefined) host.onUnavailable(state.endedBy, performance.now());
    },
    needLess() {},
    renewSession: endLater,
    touch: () => touch(state),
    close(cause) {
      rpc.close(cause);
      end(state, cause);
    },
    status: () => ({
      isConnecting: false,
      connections: 1,
      signIns: 1,
      signedIn: state.endedBy === undefined ? signedIn : undefined,
      problem: state.endedBy,
    }),
  };
}

function touch(state: SingleState): void {
  state.lastUse = performance.now();
}

function end(state: SingleState, cause: TrueNasError): void {
  if (state.endedBy !== undefined) return;
  state.endedBy = cause;
  state.stopHeartbeat?.();
  state.host?.onLost(cause);
  state.host?.onUnavailable(cause, performance.now());
  state.ending.abort(cause);
}

const SIGN_IN_AGAIN = 'Sign in again for the next change; before it, read the present state.';

function sessionLost(cause: TrueNasError): TrueNasError {
  return new TrueNasError('closed', {
    summary: `The connection for changes was lost: ${cause.summary}`,
    nextStep: SIGN_IN_AGAIN,
    nasText: cause.nasText,
    cause,
  });
}

function sessionGone(): TrueNasError {
  return new TrueNasError('closed', {
    summary: 'The NAS has ended the session for changes.',
    nextStep: SIGN_IN_AGAIN,
  });
}
