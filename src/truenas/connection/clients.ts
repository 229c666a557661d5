/** The read and write clients: canonical method names on top of a connection. */
import { unlessAborted } from '../abort.ts';
import type { CallOptions, ReadClient, WireValue, WriteClient } from '../client.ts';
import type { Connection } from './connection.ts';
import { isTrueNasError, TrueNasError } from '../errors.ts';
import type { Log } from '../log.ts';
import { hasMethod } from '../method-table.ts';
import { parseRelease, type Release, UNKNOWN_RELEASE } from '../releases.ts';
import { isRenamed, namesIn } from '../renames.ts';
import type { OfferedMethods } from './offered-methods.ts';

/** Tells the release of the NAS that is connected now. */
export type ReleaseReader = (options?: CallOptions) => Promise<Release>;

/** Reads `system.version` (open to every account) once per connection. */
export function createReleaseReader(connection: Connection, log: Log): ReleaseReader {
  let known: { readonly epoch: number; readonly release: Release } | undefined;
  let reading: Promise<Release> | undefined;

  async function read(): Promise<Release> {
    try {
      const release = await readRelease(connection, log);
      known = { epoch: connection.epoch(), release };
      return release;
    } finally {
      reading = undefined;
    }
  }

  return async (options) => {
    // Without a connection nobody knows what the NAS has become meanwhile: asking opens one.
    const isConnected = connection.status().state === 'ready';
    if (isConnected && known !== undefined && known.epoch === connection.epoch()) return known.release;
    const signal = options?.signal;
    if (signal?.aborted === true) throw notWaitedFor();
    // One reading for all who ask meanwhile; not with the signal of one of them.
    reading ??= read();
    return signal === undefined ? reading : unlessAborted(reading, signal, notWaitedFor);
  };
}

function notWaitedFor(): TrueNasError {
  return new TrueNasError('aborted', {
    summary: 'The release of the NAS was not waited for: the call was cancelled.',
    nextStep: 'Call again if the answer is still wanted.',
    method: 'system.version',
  });
}

async function readRelease(connection: Connection, log: Log): Promise<Release> {
  try {
    const version = await connection.read('system.version', []);
    return typeof version === 'string' ? parseRelease(version) : UNKNOWN_RELEASE;
  } catch (error) {
    if (!isTrueNasError(error, 'not-authorized') && !isTrueNasError(error, 'method-missing')) throw error;
    // An API key of 24.10 may lack the entry for it; CORE tells everybody.
    if (connection.status().legacy !== undefined) return parseRelease('24.10');
    log.warn('the NAS does not tell its release; the newest is assumed', { summary: error.summary });
    return UNKNOWN_RELEASE;
  }
}

/** Makes the client for code that only reads. */
export function createReadClient(
  connection: Connection,
  release: ReleaseReader,
  offered: OfferedMethods,
): ReadClient {
  return {
    // Not the connection itself, which can write.
    origin: Object.freeze({}),
    release,
    call(method, params = [], options) {
      const send = (name: string) => connection.read(name, params, options);
      return isRenamed(method)
        ? callRenamed({ release, offered, send }, method, options)
        : callNoting(offered, method, send);
    },
    async has(method, options) {
      const known = await release(options);
      const { legacy } = connection.status();
      if (legacy !== undefined) return namesIn(known, method).some((name) => legacy.answers(name));
      return hasMethod(method, known) && !namesIn(known, method).every((name) => offered.isMissing(name));
    },
  };
}

/** Makes the client for the change executor. */
export function createWriteClient(
  connection: Connection,
  release: ReleaseReader,
  offered: OfferedMethods,
): WriteClient {
  return {
    write(method, params = [], options) {
      const send = (name: string) => connection.write(name, params, options);
      return isRenamed(method)
        ? callRenamed({ release, offered, send }, method, options)
        : callNoting(offered, method, send);
    },
  };
}

type Send = (name: string) => Promise<WireValue>;

async function callNoting(offered: OfferedMethods, name: string, send: Send): Promise<WireValue> {
  try {
    return await send(name);
  } catch (error) {
    offered.failed(name, error);
    throw error;
  }
}

/** Calls a method by the name of the release, and by its other name when the NAS does not know that one. */
async function callRenamed(
  { release, offered, send }: { release: ReleaseReader; offered: OfferedMethods; send: Send },
  method: string,
  options: CallOptions | undefined,
): Promise<WireValue> {
  const [expected, other] = namesIn(await release(options), method);
  const name = offered.isMissing(expected) ? other : expected;
  try {
    return await callNoting(offered, name, send);
  } catch (error) {
    // A NAS that does not know the method ran nothing, so even a write may be sent by the other name.
    if (name === other || !offered.isMissing(expected)) throw error;
    return callNoting(offered, other, send);
  }
}
