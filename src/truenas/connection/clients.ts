/** The read and write clients: canonical method names on top of a connection. */
import { unlessAborted } from '../abort.ts';
import type { CallOptions, ReadClient, WireValue, WriteClient } from '../client.ts';
import type { Connection } from './connection.ts';
import { isTrueNasError, TrueNasError } from '../errors.ts';
import type { Log } from '../log.ts';
import { hasMethod } from '../method-table.ts';
import { parseRelease, type Release, UNKNOWN_RELEASE } from '../releases.ts';
import { isRenamed, nameInRelease } from '../renames.ts';

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
    log.warn('the NAS does not tell its release; the newest is assumed', { summary: error.summary });
    return UNKNOWN_RELEASE;
  }
}

/** Makes the client for code that only reads. */
export function createReadClient(connection: Connection, release: ReleaseReader): ReadClient {
  return {
    release,
    call(method, params = [], options) {
      return isRenamed(method)
        ? callRenamed(release, method, options, (name) => connection.read(name, params, options))
        : connection.read(method, params, options);
    },
    async has(method, options) {
      return hasMethod(method, await release(options));
    },
  };
}

/** Makes the client for the change executor. */
export function createWriteClient(connection: Connection, release: ReleaseReader): WriteClient {
  return {
    write(method, params = [], options) {
      return isRenamed(method)
        ? callRenamed(release, method, options, (name) => connection.write(name, params, options))
        : connection.write(method, params, options);
    },
  };
}

/** A NAS may have been updated between the reading of its release and the call: then the name is chosen anew. */
async function callRenamed(
  release: ReleaseReader,
  method: string,
  options: CallOptions | undefined,
  send: (name: string) => Promise<WireValue>,
): Promise<WireValue> {
  const name = nameInRelease(method, await release(options));
  try {
    return await send(name);
  } catch (error) {
    if (!isTrueNasError(error, 'method-missing')) throw error;
    const nameNow = nameInRelease(method, await release(options));
    if (nameNow === name) throw error;
    return send(nameNow);
  }
}
