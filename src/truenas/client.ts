/**
 * A TrueNAS as the rest of the program sees it. `ReadClient` has no way to send a mutating method; `WriteClient` is handed
 * to the change executor only. Nothing here knows MCP.
 */
import type { TrueNasError } from './errors.ts';
import type { EventSource } from './events/event-source.ts';
import type { JobFollower } from './jobs/follower.ts';
import type { LegacyNas } from './legacy/dialect.ts';
import type { Release } from './releases.ts';

/** A value of the NAS after the codec has decoded dates, sets and long integers; see connection/codec.ts. */
export type WireValue = null | boolean | number | string | Date | WireValue[] | { [key: string]: WireValue };

/** Limits of one call. */
export interface CallOptions {
  /** Ends the wait; the NAS is not asked again. */
  signal?: AbortSignal | undefined;
  /** Longest wait for the reply, in milliseconds; never longer than the configured one. */
  timeoutMs?: number | undefined;
  /**
   * The call was judged by facts of the present connection; behind another one may be another release. A bound read that is
   * lost with its connection fails with `unreachable` instead of being repeated.
   */
  isBound?: boolean | undefined;
}

/** The end of a log. */
export interface Tail {
  /** Its last lines, the oldest first; empty when the NAS told none. */
  readonly text: string;
  /** Why lines may be missing, in a few words that are safe to show; absent when as many came as were asked for. */
  readonly doubt?: string;
}

/** A connection's view for code that must not change anything on the NAS. */
export interface ReadClient {
  /** The same object for every client of one connection, however guarded: what is known of the NAS is kept by it. */
  readonly origin?: object | undefined;
  /** The NAS's release, read once per connection (`system.version`). */
  release(options?: CallOptions): Promise<Release>;
  /**
   * Calls a reading method by its canonical (newest) name; older names are chosen by release.
   * A read that a dropped connection interrupted is repeated once.
   * @throws TrueNasError (see errors.ts), always with the NAS's own text.
   */
  call(method: string, params?: readonly unknown[], options?: CallOptions): Promise<WireValue>;
  /** True when the NAS's release has this method (canonical name); decided without a round trip. */
  has(method: string, options?: CallOptions): Promise<boolean>;
  /**
   * The end of a log that only an event source tells; absent where there are no events. See events/tail.ts.
   * @param source an event source with arguments, e.g. `app.container_log_follow`
   */
  readonly tail?: (
    source: string,
    args: Readonly<Record<string, unknown>>,
    lines: number,
    options?: CallOptions,
  ) => Promise<Tail>;
}

/** Limits of one write. */
export interface WriteOptions extends CallOptions {
  /** A UUID as the id of the message: releases from 25.10 on record it with the job that the message starts. */
  messageId?: string | undefined;
}

/** A connection's view for the change executor: calls that are never repeated. */
export interface WriteClient {
  /**
   * Sends a mutating method exactly once.
   * @throws OutcomeUnknownError when the connection ended after the request was sent.
   */
  write(method: string, params?: readonly unknown[], options?: WriteOptions): Promise<WireValue>;
}

/**
 * The mechanism of a sign-in; `SCRAM-PLUS` is bound to the certificate, the others but `SCRAM` send the secret itself.
 * `OTP_TOKEN`: password and one-time code.
 */
export type SignInMechanism =
  | 'SCRAM-PLUS'
  | 'SCRAM'
  | 'API_KEY_PLAIN'
  | 'LOGIN_WITH_API_KEY'
  | 'PASSWORD_PLAIN'
  | 'OTP_TOKEN';

/** Whoever signed in: a person, or the owner of the API key; as the NAS says at sign-in. */
export interface Account {
  readonly name: string;
  /** All roles, expanded through inclusion; a full administrator holds every one. */
  readonly roles: readonly string[];
}

/** A connection as it is at this moment. */
export interface ConnectionStatus {
  /** `idle`: not connected, and nobody asks for it; `reconnecting`: lost, and being opened again. */
  readonly state: 'idle' | 'connecting' | 'ready' | 'reconnecting' | 'closed';
  readonly url: string;
  /** Set while `ready`. */
  readonly mechanism?: SignInMechanism | undefined;
  readonly account?: Account | undefined;
  /** Set while `ready` over the protocol before JSON-RPC: what it is; such a NAS is only read. */
  readonly legacy?: Readonly<LegacyNas> | undefined;
  /** True when the session gave up its write rights: it then also sees fewer jobs; see options.ts. */
  readonly isReadOnly?: boolean | undefined;
  /** Calls sent and not answered, those whose caller no longer waits included. */
  readonly inFlight: number;
  /** Calls that wait for a connection or for their turn. */
  readonly queued: number;
  /** Connections opened so far, and sign-ins tried. */
  readonly connections: number;
  readonly signIns: number;
  /** Why there is no connection; absent while `ready`. */
  readonly problem?: TrueNasError | undefined;
}

/** One NAS under one credential. */
export interface TrueNas {
  readonly read: ReadClient;
  /** For the change executor only. */
  readonly write: WriteClient;
  readonly jobs: JobFollower;
  readonly events: EventSource;
  status(): ConnectionStatus;
  /** Ends the connection; calls that wait are rejected. Safe to call twice. */
  close(): Promise<void>;
}
