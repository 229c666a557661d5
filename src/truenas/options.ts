import type { Log } from './log.ts';

/** How the NAS's certificate is judged. With nothing set, the system's certificate authorities decide. */
export interface TlsTrust {
  /** PEM text of the authorities to trust instead of the system's. */
  readonly caPem?: string | undefined;
  /** SHA-256 of the NAS's certificate (DER): 64 lower-case hex digits, no colons. A match is trusted, whatever its name or issuer. */
  readonly fingerprintSha256?: string | undefined;
  /** Verify nothing. */
  readonly isInsecure?: boolean | undefined;
}

/** Everything a connection needs; parsed and checked by config/. */
export interface TrueNasOptions {
  /** `wss://host[:port]` without a path (`ws://` only for loopback, by an explicit flag of config/). */
  readonly url: string;
  readonly apiKey: string;
  /** The user the key belongs to; without it only `auth.login_with_api_key` is possible. */
  readonly username?: string | undefined;
  readonly tls: TlsTrust;
  /**
   * The session gives up its write rights after every sign-in, where the NAS can (`privilege.become_readonly`, TrueNAS 26
   * on). Its price: the NAS then shows the session the jobs of its own user only.
   */
  readonly isReadOnly?: boolean | undefined;
  /** Default wait for one reply, in milliseconds. */
  readonly timeoutMs: number;
  readonly log: Log;
}
