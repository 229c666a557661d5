/** Keeps a connection alive and notices when its peer has fallen silent. */
import { isTrueNasError, TrueNasError } from '../errors.ts';
import type { JsonRpc } from './json-rpc.ts';
import type { Timings } from './timings.ts';

/** The connection that is kept alive. */
export interface HeartbeatHost {
  /** Milliseconds since the connection was last used; 0 while calls run. */
  idleMs(): number;
  onUse(): void;
  /** The NAS refused `core.ping`: the session may be gone. */
  onRefused(error: TrueNasError): void;
}

function unanswered(waitedMs: number): TrueNasError {
  return new TrueNasError('unreachable', {
    summary: `The NAS did not answer a ping within ${Math.round(waitedMs / 1000)} s; the connection was given up.`,
    nextStep: 'Check whether the NAS is busy or hung; the connection is opened anew.',
  });
}

/**
 * Starts it; the returned function stops it. Silence is counted in beats without a single byte, not in clock time,
 * so that neither a suspended computer nor one large frame that is still coming in counts as silence.
 */
export function startHeartbeat(
  rpc: JsonRpc,
  timings: Pick<Timings, 'heartbeatMs' | 'silentBeats' | 'idlePingMs' | 'signInTimeoutMs'>,
  host: HeartbeatHost,
): () => void {
  let lastBytes = rpc.bytesReceived();
  let silent = 0;
  const timer = setInterval(() => {
    const bytes = rpc.bytesReceived();
    silent = bytes === lastBytes ? silent + 1 : 0;
    lastBytes = bytes;
    if (silent > timings.silentBeats) {
      rpc.fail(
        new TrueNasError('unreachable', {
          summary: `The NAS has been silent for ${Math.round((silent * timings.heartbeatMs) / 1000)} s; the connection was given up.`,
          nextStep: 'Check the network and whether the NAS still runs; the connection is opened anew.',
        }),
      );
      return;
    }
    rpc.ping();
    if (host.idleMs() >= timings.idlePingMs) {
      host.onUse();
      rpc.call('core.ping', [], timings.signInTimeoutMs).catch((error: unknown) => {
        // No call holds the ping up, so a NAS that sends bytes but no pong answers no calls at all.
        if (isTrueNasError(error, 'timeout') && host.idleMs() > 0)
          rpc.fail(unanswered(timings.signInTimeoutMs));
        else if (isTrueNasError(error)) host.onRefused(error);
      });
    }
  }, timings.heartbeatMs);
  timer.unref();
  return () => clearInterval(timer);
}
