/** Every recorded exchange with the real handlers of 24.10 and CORE 13.3 goes alike: frames, errors, order, closing. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/index.ts';
import { describeContract } from '../support/contract.ts';
import { finishedJob } from '../support/jobs.ts';
import { connectLegacy, type LegacyConnection } from '../support/legacy.ts';
import {
  frameToSend,
  isAsRecorded,
  legacyVectors,
  type LegacyVector,
  type Secrets,
} from '../support/legacy-vectors.ts';
import type { Json } from '../support/simulator.ts';

/** Exchanges that go otherwise here, and why. */
const KNOWN: readonly { readonly release: string; readonly name: string; readonly reason: string }[] = [];

/** The recorded releases, and what simulates them. */
const RELEASES = [
  ['24.10', '24.10'],
  ['CORE-13.3', 'core-13.3'],
] as const;

/** Methods that were made slow for the recording; their result is not the one of a NAS. */
const SLOWED = ['system.hostname', 'system.build_time'];
const SLOW_MS = 50;

describeContract('frames of the real handlers of the older protocol', () => {
  describe.each(RELEASES)('%s', (recorded, release) => {
    const vectors = legacyVectors(recorded);
    let nas: Simulator;
    let secrets: Secrets;

    beforeAll(async () => {
      nas = await startSimulator({ release, world: 'bare', delayScale: 0.05 });
      secrets = { password: nas.person.password, keys: new Map(), token: '' };
      await prepare(nas);
    });
    beforeEach(() => nas.control.resetRateLimit());
    afterAll(() => nas.close());

    it.each(vectors.map((vector) => [vector.name, vector] as const))('%s', async (name, vector) => {
      const known = KNOWN.find((each) => each.name === name && each.release === release);
      const difference = await replay(nas, vector, secrets);
      expect(verdict(difference, known?.reason)).toBe('as recorded, or as listed');
    });

    it('19 of 20 go as recorded', () => {
      const known = KNOWN.filter((each) => each.release === release);
      expect(known.length / vectors.length).toBeLessThanOrEqual(0.05);
    });
  });
});

function verdict(difference: string | null, reason: string | undefined): string {
  if (reason === undefined && difference !== null) return difference;
  if (reason !== undefined && difference === null) return `no longer differs: ${reason}`;
  return 'as recorded, or as listed';
}

/** The recorded box: four commands, a reader, no keys, one job behind it. */
async function prepare(nas: Simulator): Promise<void> {
  const admin = await connectLegacy(nas);
  const hours = ['1', '2', '3', nas.release === '24.10' ? 'None' : '4'];
  for (const [index, hour] of hours.entries()) {
    await admin.call('cronjob.create', [
      {
        ...{ user: index === 2 ? 'nobody' : 'root', command: 'true', description: 'abCd'[index] },
        ...{ enabled: index !== 1, schedule: { minute: '00', hour } },
      },
    ]);
  }
  if (nas.release === '24.10') {
    const group = await admin.call('group.create', [{ name: 'readers' }]);
    await admin.call('privilege.create', [
      {
        name: 'readers',
        local_groups: [await gidOf(admin, group)],
        roles: ['READONLY_ADMIN'],
        web_shell: false,
      },
    ]);
    await admin.call('user.create', [
      { username: 'reader', full_name: 'reader', group, password: nas.person.password },
    ]);
    // The recorded root had no full name, and the keys of the box were made later.
    await admin.call('user.update', [await idOf(admin, 'root'), { full_name: '' }]).catch(() => undefined);
  }
  await finishedJob(admin, await admin.call('core.job_test'));
  for (const { id } of await admin.call('api_key.query')) await admin.call('api_key.delete', [id]);
  admin.close();
}

async function gidOf(admin: LegacyConnection, id: number): Promise<number> {
  return (await admin.call('group.query', [[['id', '=', id]], { get: true }])).gid;
}

async function idOf(admin: LegacyConnection, username: string): Promise<number> {
  return (await admin.call('user.query', [[['username', '=', username]], { get: true }])).id;
}

/** Sends what was sent, and answers the first thing that went otherwise. */
async function replay(nas: Simulator, vector: LegacyVector, secrets: Secrets): Promise<string | null> {
  for (const method of SLOWED) {
    const times = vector.order.filter((step) => 'send' in step && step.send.method === method).length;
    if (times > 10) nas.control.next(method, { kind: 'slow-answer', ms: SLOW_MS }, times);
  }
  const connection = await connectLegacy(nas, { isConnected: false });
  try {
    return await exchange(connection, vector, secrets);
  } finally {
    connection.close();
    await connection.closed;
    // The NAS hears of the end a moment later.
    while (nas.control.connectionCount() > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function exchange(
  connection: LegacyConnection,
  vector: LegacyVector,
  secrets: Secrets,
): Promise<string | null> {
  const isBurst = vector.order.filter((step) => 'send' in step).length > 10;
  const expected = vector.order.flatMap((step) => ('recv' in step ? [expectedOf(vector, step.recv)] : []));
  let heard = 0;
  let isOpen = true;
  for (const step of vector.order) {
    if ('send' in step) {
      connection.send(frameToSend(vector, step.send, secrets));
      continue;
    }
    const recv = expected[heard];
    if ('close' in recv) {
      isOpen = false;
      const { code, reason } = await connection.closed;
      const wanted = { code: recv.close.code, reason: recv.close.reason ?? '' };
      if (!isAsRecorded(wanted, { code, reason })) return `closed with ${code} ${reason}`;
      continue;
    }
    const frame = await nthFrame(connection, heard);
    heard += 1;
    if (frame === undefined) return `no frame instead of ${JSON.stringify(recv)}`;
    note(secrets, frame);
    if (!isBurst && !isAsRecorded(recv, frame)) {
      return `${JSON.stringify(frame)}\ninstead of\n${JSON.stringify(recv)}`;
    }
  }
  // Of many at once the order is nobody's promise.
  const missing = isBurst
    ? expected.filter((recv) => !connection.frames.some((frame) => isAsRecorded(recv, frame)))
    : [];
  if (missing.length > 0) return `missing: ${JSON.stringify(missing)}`;
  return isOpen ? surplus(connection, heard) : null;
}

/** What came beyond the recorded frames. */
async function surplus(connection: LegacyConnection, heard: number): Promise<string | null> {
  connection.send('{"msg":"ping","id":"marker"}');
  await connection.frame((frame) => frame.id === 'marker' || frame.msg === 'failed');
  const more = connection.frames.slice(heard).filter(({ id, msg }) => id !== 'marker' && msg !== 'failed');
  return more.length > 0 ? `more than recorded: ${JSON.stringify(more)}` : null;
}

async function nthFrame(connection: LegacyConnection, index: number): Promise<Json> {
  if (connection.frames.length > index) return connection.frames[index];
  return connection
    .frame(() => connection.frames.length > index)
    .then(
      () => connection.frames[index],
      () => undefined,
    );
}

/** Keeps keys and tokens for the exchanges that follow. */
function note(secrets: Secrets, { result }: Json): void {
  if (typeof result === 'string' && result.length === 64) secrets.token = result;
  if (typeof result?.key === 'string') secrets.keys.set(result.id - EARLIER_KEYS, result.key);
}

/** Of what is the box's own only that it is there; ids of keys are as many more as the box had keys before. */
function expectedOf(vector: LegacyVector, recv: Json): Json {
  const isSlowed = vector.name === 'too many concurrent calls' && recv.result === 'x';
  if (isSlowed) return { ...recv, result: '<any>' };
  if (typeof recv.fields?.data === 'string') {
    return { ...recv, collection: '<any>', fields: { data: '<any>' } };
  }
  if (recv.collection?.includes('/tmp/follow.txt')) return { ...recv, collection: '<any>' };
  if (recv.collection === 'api_key.query') {
    return { ...recv, id: recv.id + EARLIER_KEYS, ...(recv.fields ? { fields: laterKey(recv.fields) } : {}) };
  }
  if (Array.isArray(recv.result)) return { ...recv, result: recv.result.map(laterKey) };
  const isSelf = recv.result?.pw_name === 'root';
  return {
    ...recv,
    ...('result' in recv
      ? { result: isSelf ? { ...recv.result, pw_gecos: '<any>' } : laterKey(recv.result) }
      : {}),
  };
}

/** Keys that the box had before the recorded ones: the one that was issued. */
const EARLIER_KEYS = 1;

function laterKey(row: Json): Json {
  const isKey = row?.created_at !== undefined && typeof row.name === 'string';
  return isKey ? { ...row, id: row.id + EARLIER_KEYS } : row;
}
