/**
 * The end of a log that the NAS tells by events only, such as that of a container: a subscription that is closed as soon as
 * the log has been told, bounded in time and lines.
 */
import type { CallOptions, Tail, WireValue } from '../client.ts';
import { TrueNasError } from '../errors.ts';
import type { NasEvent } from './event.ts';
import type { EventSource } from './event-source.ts';

/** How long a log is waited for, in milliseconds. */
export interface TailTimings {
  /** For the first line. */
  readonly firstMs: number;
  /** For one more, after a line has come. */
  readonly quietMs: number;
  /** In all: a container that writes all the time never falls quiet. */
  readonly longestMs: number;
}

const TIMINGS: TailTimings = { firstMs: 4_000, quietMs: 400, longestMs: 10_000 };

/** Longest log that is kept, in characters; what is older is dropped. */
const MAX_LENGTH = 200_000;

/** Why lines may be missing. */
const DOUBT = {
  silent: 'the NAS told no line in time: there may be none, or it is slow',
  fewer: 'the log has no more lines, or the NAS paused while telling them',
  missed: 'the connection was lost meanwhile: some may not have come, or have come twice',
  ended: 'the NAS failed while it told them',
  long: 'the NAS took too long to tell as many lines: later ones may be missing',
  cut: 'the lines are too long: older ones were dropped',
};

/** Logs that are being read, by source: the NAS tells the end of a log to the first listener of a subscription alone. */
export type Reading = Map<string, Promise<Tail>>;

/**
 * Reads at most `lines` lines from the source of this name and arguments.
 * @throws TrueNasError that the NAS gave, or `not-authorized`
 */
export function readTail(
  events: EventSource,
  reading: Reading,
  source: string,
  args: Readonly<Record<string, unknown>>,
  lines: number,
  { signal }: CallOptions = {},
  timings: TailTimings = TIMINGS,
): Promise<Tail> {
  const name = `${source}:${JSON.stringify(args)}`;
  const shared = reading.get(name) ?? follow(events, name, lines, timings);
  if (!reading.has(name)) {
    reading.set(name, shared);
    const forget = () => reading.delete(name);
    shared.then(forget, forget);
  }
  return signal === undefined ? shared : Promise.race([shared, cancelled(signal)]);
}

async function follow(
  events: EventSource,
  name: string,
  lines: number,
  { firstMs, quietMs, longestMs }: TailTimings,
): Promise<Tail> {
  const found: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let end: Extract<NasEvent, { kind: 'ended' }> | undefined;
  let finish: (doubt?: string) => void = () => undefined;
  const told = new Promise<string | undefined>((resolve) => {
    finish = resolve;
  });
  const wait = (ms: number, doubt: string): void => {
    clearTimeout(timer);
    timer = setTimeout(finish, ms, doubt);
  };
  const longest = setTimeout(finish, longestMs, DOUBT.long);
  const hear = (event: NasEvent): void => {
    if (event.kind === 'missed') finish(DOUBT.missed);
    if (event.kind === 'ended') {
      end = event;
      // The NAS itself ends the log of a container that does not run.
      finish(event.error === undefined ? undefined : DOUBT.ended);
    }
    if (event.kind !== 'added') return;
    found.push(...linesOf(event.fields));
    if (found.length >= lines) finish();
    else wait(quietMs, DOUBT.fewer);
  };
  let doubt: string | undefined;
  try {
    const subscription = await events.subscribe(name, hear, { timeoutMs: longestMs }).catch((error) => {
      // The NAS may end a log before it has granted the subscription.
      if (end === undefined) throw error;
    });
    // A NAS that is slow to grant the subscription has not been slow to tell a line.
    if (timer === undefined) wait(firstMs, DOUBT.silent);
    doubt = await told;
    await subscription?.close();
  } finally {
    clearTimeout(timer);
    clearTimeout(longest);
  }
  if (end?.error !== undefined && found.length === 0) throw end.error;
  const text = found.slice(-lines).join('\n');
  if (text.length > MAX_LENGTH) return { text: text.slice(-MAX_LENGTH), doubt: DOUBT.cut };
  return { text, ...(doubt === undefined ? {} : { doubt }) };
}

/** `2026-03-01T12:00:00Z text` for each line. */
function linesOf(fields: Readonly<Record<string, WireValue>> | undefined): string[] {
  const { data, timestamp } = fields ?? {};
  if (typeof data !== 'string') return [];
  const at = typeof timestamp === 'string' ? `${timestamp.replace(/\.\d+/u, '')} ` : '';
  return data
    .replace(/\r?\n$/u, '')
    .split('\n')
    .map((line) => `${at}${line}`);
}

function cancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => {
      const nextStep = 'Ask again if it is still wanted.';
      reject(new TrueNasError('aborted', { summary: 'Reading the log was cancelled.', nextStep }));
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
