/** A session: one open connection, signed in. */
import { offAbort, onAbort } from '../abort.ts';
import { isTrueNasError, TrueNasError } from '../errors.ts';
import type { TrueNasOptions } from '../options.ts';
import type { BudgetedSignIn } from '../sign-in/budgeted-sign-in.ts';
import type { SignedIn } from '../sign-in/sign-in.ts';
import { ApiAbsentError } from './http-problems.ts';
import { type JsonRpc, type JsonRpcOptions, openJsonRpc } from './json-rpc.ts';

/** A connection whose calls the NAS takes. */
export interface Session {
  readonly rpc: JsonRpc;
  readonly signedIn: SignedIn;
}

/** The options of {@link openSession}. */
export interface SessionOptions extends Pick<JsonRpcOptions, 'onNotification' | 'onEnd' | 'signal'> {
  readonly options: Pick<TrueNasOptions, 'url' | 'tls' | 'log'>;
  readonly connectTimeoutMs: number;
  readonly signIn: Pick<BudgetedSignIn, 'signIn'>;
  /** Takes the credential out of texts of the NAS. */
  readonly scrub: (text: string) => string;
  /** The connection is open; the sign-in comes next. */
  onOpen(): void;
}

/**
 * Connects and signs in.
 * @throws TrueNasError; nothing stays open then.
 */
export async function openSession(session: SessionOptions): Promise<Session> {
  const { options, signIn, signal } = session;
  let rpc: JsonRpc | undefined;
  const stop = () => rpc?.close(asProblem(signal.reason));
  onAbort(signal, stop);
  try {
    rpc = await openRpc({
      url: options.url,
      tls: options.tls,
      connectTimeoutMs: session.connectTimeoutMs,
      signal,
      log: options.log,
      scrub: session.scrub,
      onNotification: session.onNotification,
      onEnd: session.onEnd,
    });
    session.onOpen();
    const signedIn = await signIn.signIn(rpc);
    signal.throwIfAborted();
    return { rpc, signedIn };
  } catch (error) {
    const problem = asProblem(error);
    rpc?.close(problem);
    throw problem;
  } finally {
    offAbort(signal, stop);
  }
}

/** Every connection tries the newer API first: a NAS may have been upgraded since the last one. */
async function openRpc(options: JsonRpcOptions): Promise<JsonRpc> {
  try {
    return await openJsonRpc(options);
  } catch (error) {
    if (!(error instanceof ApiAbsentError)) throw error;
    const { openLegacyRpc } = await import('../legacy/open.ts');
    return openLegacyRpc(options, error);
  }
}

/** The error itself, or the one for a fault of this program. */
export function asProblem(error: unknown): TrueNasError {
  if (isTrueNasError(error)) return error;
  return new TrueNasError('protocol', {
    summary: 'The connection could not be set up because of a fault in this program.',
    nextStep: 'Please report it.',
    cause: error,
  });
}
