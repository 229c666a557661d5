/** Notices leave as fast as their client reads: none is lost, and none piles up. */
import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { onceUntilSent, noticeStream } from '../../src/updates/delivery.ts';
import { watch } from '../../src/updates/watch.ts';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { clientForTest, keepingLog, peerForTest } from '../truenas/support/client.ts';

it('a change after the client has read the first notice is told, though the pipe has not run empty since', async () => {
  // A client that is slow but reads: it takes line by line.
  const taken: string[] = [];
  let take: (() => void) | undefined;
  const stdout = new Writable({
    highWaterMark: 1000,
    decodeStrings: false,
    write(chunk: string, _e, done) {
      take = () => {
        taken.push(chunk);
        done();
      };
    },
  });
  const transport = new StdioServerTransport(new PassThrough(), stdout);
  await transport.start();
  const answer = (id: number) => transport.send({ jsonrpc: '2.0', id, result: { text: 'x'.repeat(1200) } });
  const notify = onceUntilSent((uri) =>
    transport.send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } }),
  );
  const next = async () => {
    const t = take;
    take = undefined;
    t?.();
    await new Promise((r) => setTimeout(r, 5));
  };
  void answer(1);
  notify('truenas://alerts');
  await next(); // answer 1
  void answer(2); // an answer to something else: the pipe does not run empty
  await next(); // the notice: the client has it now, and reads the resource
  expect(taken.filter((line) => line.includes('updated')).length).toBe(1);
  void answer(3); // what it reads: the state as of now
  notify('truenas://alerts'); // a change after that
  for (let i = 0; i < 6; i += 1) await next();
  expect(taken.filter((line) => line.includes('updated')).length).toBe(2);
});

it('a source that ends as soon as it begins is not subscribed to twice a second', async () => {
  const peer = await peerForTest({
    script: (call) => {
      if (call.method !== 'core.subscribe') return 'unhandled';
      call.raw(
        JSON.stringify({
          jsonrpc: '2.0',
          method: 'notify_unsubscribed',
          params: { collection: call.params[0], error: { error: 22, errname: 'EINVAL', reason: 'broken' } },
        }),
      );
      call.result('x');
    },
  });
  const nas = clientForTest(peer.url);
  let reads = 0;
  const w = watch(
    {
      hints: [{ event: 'alert.list' }],
      read: async () => {
        reads += 1;
        return 'same';
      },
    },
    () => {},
    {
      events: async () => nas.events,
      log: keepingLog(),
      timings: { quietMs: 5, pollMs: 60_000, slowPollMs: 60_000 },
    },
  );
  await w.ready;
  await new Promise((r) => setTimeout(r, 500));
  w.close();
  expect(reads).toBeLessThan(4);
});

it('keepalives of a stream that nobody reads do not pile up', async () => {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  const stream = noticeStream(['a']);
  const response = stream.watched(
    new Response(
      new ReadableStream({
        start(c) {
          controller = c;
        },
      }),
    ),
  );
  for (let i = 0; i < 1000; i += 1) controller.enqueue(new TextEncoder().encode(': keepalive\n\n'));
  await new Promise((r) => setTimeout(r, 20));
  expect(controller.desiredSize ?? 0).toBeGreaterThanOrEqual(-2);
  await response.body?.cancel();
});

it('a stream of notices passes on status, headers, end, cancellation and faults, and tells each URI once', async () => {
  const s = noticeStream([]);
  const r = s.watched(Response.json({ error: 1 }, { status: 400, headers: { 'x-a': 'b' } }));
  expect([r.status, r.headers.get('x-a'), await r.json()]).toEqual([400, 'b', { error: 1 }]);
  expect(noticeStream([]).watched(new Response(null, { status: 202 })).status).toBe(202);
  let cancelled = false;
  let c!: ReadableStreamDefaultController<Uint8Array>;
  const t = noticeStream(['a']);
  const told: string[] = [];
  const q = t.watched(
    new Response(
      new ReadableStream({
        start(x) {
          c = x;
        },
        cancel() {
          cancelled = true;
        },
      }),
    ),
  );
  const notify = t.paced((uri) => {
    told.push(uri);
    c.enqueue(new TextEncoder().encode(uri));
  });
  notify('a');
  notify('a');
  notify('b');
  expect(told).toEqual([]);
  const reader = readerOf(q);
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('a');
  expect(told).toEqual(['a', 'b']);
  notify('a');
  notify('a');
  expect(new TextDecoder().decode((await reader.read()).value)).toBe('b');
  const pending = reader.read();
  expect(new TextDecoder().decode((await pending).value)).toBe('a');
  const last = reader.read();
  await reader.cancel();
  expect((await last).done).toBe(true);
  expect(cancelled).toBe(true);
  const e = noticeStream(['a']);
  const er = e.watched(
    new Response(
      new ReadableStream({
        start(x) {
          c = x;
        },
      }),
    ),
  );
  const first = readerOf(er).read();
  c.error(new Error('x'));
  await expect(first).rejects.toThrow('x');
});

function readerOf({ body }: Response) {
  if (body === null) throw new Error('a response without a body');
  return body.getReader();
}
