/** The end of a log: as many lines as were asked for, or the reason why there may be more. */
import { expect, test } from 'vitest';
import { readTail, type TailTimings } from '../../../src/truenas/events/tail.ts';
import type { CallOptions } from '../../../src/truenas/index.ts';
import { clientForTest, peerForTest, problemOf } from '../support/client.ts';
import { NOT_AUTHORIZED, type PeerCall } from '../support/peer.ts';

const SOURCE = 'app.container_log_follow';
const ARGS = { app_name: 'shop' };
const NAME = `${SOURCE}:${JSON.stringify(ARGS)}`;
/** Short waits; what is to come comes within the long ones. */
const PATIENT: TailTimings = { firstMs: 5_000, quietMs: 5_000, longestMs: 10_000 };

/** Reads the end of a log that a peer tells by `tells` once it is subscribed to. */
async function tailOf(
  tells: (call: PeerCall) => void,
  {
    lines = 2,
    timings = PATIENT,
    options,
  }: { lines?: number; timings?: TailTimings; options?: CallOptions } = {},
) {
  const peer = await peerForTest({
    script(call) {
      if (call.method !== 'core.subscribe') return 'unhandled';
      if (peer.callsOf('core.subscribe').length > 1) return call.result('again');
      call.result('id');
      tells(call);
    },
  });
  const nas = clientForTest(peer.url);
  return { peer, nas, tail: readTail(nas.events, new Map(), SOURCE, ARGS, lines, options, timings) };
}

const notified = (method: string, params: Record<string, unknown>): string =>
  JSON.stringify({ jsonrpc: '2.0', method, params: { collection: NAME, ...params } });
const line = (data: string): string =>
  notified('collection_update', { msg: 'added', fields: { data, timestamp: '2026-03-01T12:00:00.123456Z' } });

test('as many lines as were asked for, the last ones, are told without a doubt; nobody listens afterwards', async () => {
  const { peer, tail } = await tailOf((call) => {
    call.raw(line('one\n'));
    call.raw(line('two\nthree\n'));
  });
  expect(await tail).toEqual({ text: '2026-03-01T12:00:00Z two\n2026-03-01T12:00:00Z three' });
  expect(peer.callsOf('core.unsubscribe').map(({ params }) => params)).toEqual([['id']]);
});

test('fewer lines than were asked for are told with a doubt', async () => {
  const { tail } = await tailOf((call) => call.raw(line('one')), { timings: { ...PATIENT, quietMs: 20 } });
  expect(await tail).toEqual({
    text: '2026-03-01T12:00:00Z one',
    doubt: 'the log has no more lines, or the NAS paused while telling them',
  });
});

test('a NAS that tells no line in time is not taken for a log without lines', async () => {
  const { tail } = await tailOf(() => undefined, { timings: { ...PATIENT, firstMs: 20 } });
  expect(await tail).toEqual({
    text: '',
    doubt: expect.stringContaining('there may be none, or it is slow'),
  });
});

test('a log that does not come to its end in time says that later lines may be missing', async () => {
  const { tail } = await tailOf((call) => call.raw(line('one')), { timings: { ...PATIENT, longestMs: 100 } });
  expect(await tail).toEqual({
    text: '2026-03-01T12:00:00Z one',
    doubt: expect.stringContaining('later ones may be missing'),
  });
});

test('a connection that is lost in between makes the lines doubtful', async () => {
  const { tail } = await tailOf((call) => {
    call.raw(line('one'));
    call.socket.terminate();
  });
  expect(await tail).toEqual({
    text: '2026-03-01T12:00:00Z one',
    doubt: expect.stringContaining('the connection was lost meanwhile'),
  });
});

test.each([
  ['by itself, as that of a container which does not run, is whole', null, {}],
  [
    'by a failure is told as far as it came, with a doubt',
    NOT_AUTHORIZED.data,
    { doubt: 'the NAS failed while it told them' },
  ],
])('a log that the NAS ends %s', async (_, error, doubt) => {
  const { tail } = await tailOf((call) => {
    call.raw(line('one'));
    call.raw(notified('notify_unsubscribed', { error }));
  });
  expect(await tail).toEqual({ text: '2026-03-01T12:00:00Z one', ...doubt });
});

test('a failure before the first line is one of the reading', async () => {
  const { tail } = await tailOf((call) =>
    call.raw(notified('notify_unsubscribed', { error: NOT_AUTHORIZED.data })),
  );
  expect(await problemOf(tail)).toMatchObject({ kind: 'not-authorized' });
});

test('a log that is too long keeps its end and says so', async () => {
  const { tail } = await tailOf((call) => call.raw(line(`${'x'.repeat(250_000)} end`)), { lines: 1 });
  const { text, doubt } = await tail;
  expect([text.length, text.endsWith(' end'), doubt]).toEqual([
    200_000,
    true,
    'the lines are too long: older ones were dropped',
  ]);
});

test('one who gives up hears no more', async () => {
  const abort = new AbortController();
  const { tail, peer } = await tailOf(() => abort.abort(), {
    options: { signal: abort.signal },
    timings: { ...PATIENT, firstMs: 20 },
  });
  expect(await problemOf(tail)).toMatchObject({ kind: 'aborted' });
  await peer.called('core.unsubscribe');
});
