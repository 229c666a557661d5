/** A stream of updates over HTTP: paced by its client, and otherwise the response that it was. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { updateStream } from '../../../src/mcp/http/update-stream.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A response whose body the test writes. */
function openResponse() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    cancel() {
      isCancelled = true;
    },
  });
  if (controller === undefined) throw new Error('the stream was not started');
  return { response: new Response(body), controller, isCancelled: () => isCancelled };
}

function readerOf({ body }: Response) {
  if (body === null) throw new Error('a response without a body');
  const reader = body.getReader();
  return {
    text: async () => new TextDecoder().decode((await reader.read()).value),
    isDone: async () => (await reader.read()).done,
    cancel: () => reader.cancel(),
  };
}

it('keepalives of a stream that nobody reads do not pile up', async () => {
  const { response, controller } = openResponse();
  const observed = updateStream(['a']).observed(response);
  for (let index = 0; index < 1000; index += 1) controller.enqueue(bytes(': keepalive\n\n'));
  await sleep(20);
  expect(controller.desiredSize ?? 0).toBeGreaterThanOrEqual(-2);
  await observed.body?.cancel();
});

it('each URI is sent once while the client does not read, and again after it has', async () => {
  const { response, controller } = openResponse();
  const stream = updateStream(['a', 'b']);
  const reader = readerOf(stream.observed(response));
  const sent: string[] = [];
  const deliver = stream.paced((uri) => {
    sent.push(uri);
    controller.enqueue(bytes(uri));
  });
  for (const uri of ['a', 'a', 'b']) deliver(uri);
  expect(sent).toEqual([]);
  expect(await reader.text()).toBe('a');
  expect(sent).toEqual(['a', 'b']);
  for (const uri of ['a', 'a']) deliver(uri);
  expect(await reader.text()).toBe('b');
  expect(await reader.text()).toBe('a');
});

it('status, headers and end pass unchanged', async () => {
  const refusal = Response.json({ error: 1 }, { status: 400, headers: { 'x-a': 'b' } });
  const observed = updateStream([]).observed(refusal);
  expect([observed.status, observed.headers.get('x-a'), await observed.json()]).toEqual([
    400,
    'b',
    { error: 1 },
  ]);
  expect(updateStream([]).observed(new Response(null, { status: 202 })).status).toBe(202);
});

it('a client that cancels its stream cancels the response behind it', async () => {
  const { response, isCancelled } = openResponse();
  const reader = readerOf(updateStream(['a']).observed(response));
  const last = reader.isDone();
  await reader.cancel();
  expect(await last).toBe(true);
  expect(isCancelled()).toBe(true);
});

it('a fault of the response reaches who reads the stream', async () => {
  const { response, controller } = openResponse();
  const first = readerOf(updateStream(['a']).observed(response)).text();
  controller.error(new Error('x'));
  await expect(first).rejects.toThrow('x');
});
