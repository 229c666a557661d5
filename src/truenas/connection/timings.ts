/** Every waiting time and bound of a connection in one place, so that tests can shorten them. */
export interface Timings {
  /** TCP, TLS and the HTTP upgrade together. */
  readonly connectTimeoutMs: number;
  /** One step of the sign-in; the NAS delays refusals by up to 5 s, rate-limited ones by up to 10 s. */
  readonly signInTimeoutMs: number;
  /** Back-off after a failed connection, while nobody new asks: the first wait, doubled each time, with jitter. */
  readonly backOffFirstMs: number;
  readonly backOffMaxMs: number;
  /** The longest back-off while no call waits, only subscriptions. */
  readonly restMaxMs: number;
  /** An attempt that began at most so long before a call tells that call the truth; a later call gets one of its own. */
  readonly freshAttemptMs: number;
  /**
   * How long after the loss of a working connection callers wait for it to come back instead of failing: a person who
   * waits for an answer is told within 3 s that nothing listens.
   */
  readonly reconnectWindowMs: number;
  /** A connection that lasted less counts as a failure for the back-off. */
  readonly stableAfterMs: number;
  /** How often the peer is asked for a sign of life. */
  readonly heartbeatMs: number;
  /** Heartbeats in a row without a byte from the peer, after which the connection is given up. */
  readonly silentBeats: number;
  /** Idle time after which `core.ping` is called (a proxy in between may not count WebSocket pings). */
  readonly idlePingMs: number;
  /** Sign-ins, of whatever outcome, in any 60 s. The NAS allows 20 calls per method and address. */
  readonly signInsPerMinute: number;
  /** First pause after a definitive refusal of the credential; grows to `signInPauseMaxMs`. */
  readonly signInPauseMs: number;
  readonly signInPauseMaxMs: number;
  /** Wait before a call that the NAS refused for being one too many is sent again. */
  readonly tooManyCallsWaitMs: number;
  /** How long calls that nobody waits for any more may hold all places of the connection before it is opened anew. */
  readonly stuckMs: number;
  /** Polling of a followed job while events arrive, and while they do not. */
  readonly jobPollMs: number;
  readonly jobPollWithoutEventsMs: number;
  /** How long a followed job outlives the absence of the NAS; a reboot takes minutes. */
  readonly jobAwayMs: number;
}

/** The values used in earnest. */
export const DEFAULT_TIMINGS: Timings = {
  connectTimeoutMs: 10_000,
  signInTimeoutMs: 20_000,
  backOffFirstMs: 250,
  backOffMaxMs: 5_000,
  restMaxMs: 30_000,
  freshAttemptMs: 1_000,
  reconnectWindowMs: 2_500,
  stableAfterMs: 10_000,
  heartbeatMs: 10_000,
  silentBeats: 3,
  idlePingMs: 300_000,
  signInsPerMinute: 6,
  signInPauseMs: 60_000,
  signInPauseMaxMs: 600_000,
  tooManyCallsWaitMs: 250,
  stuckMs: 3_000,
  jobPollMs: 15_000,
  jobPollWithoutEventsMs: 2_000,
  jobAwayMs: 600_000,
};
