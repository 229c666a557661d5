/** Updates leave as fast as their client reads: none is lost, and none piles up. */
import { PassThrough, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { expect, it } from 'vitest';
import { coalesced } from '../../src/updates/delivery.ts';

it('a change after the client has read the last update is delivered, though the pipe has not run empty since', async () => {
  // A client that is slow but reads: it takes line by line.
  const taken: string[] = [];
  let take: (() => void) | undefined;
  const stdout = new Writable({
    highWaterMark: 1000,
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      take = () => {
        taken.push(chunk);
        done();
      };
    },
  });
  const transport = new StdioServerTransport(new PassThrough(), stdout);
  await transport.start();
  const answer = (id: number) => transport.send({ jsonrpc: '2.0', id, result: { text: 'x'.repeat(1200) } });
  const deliver = coalesced((uri) =>
    transport.send({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } }),
  );
  const takeLine = async () => {
    const next = take;
    take = undefined;
    next?.();
    await sleep(5);
  };
  const updates = () => taken.filter((line) => line.includes('updated')).length;
  void answer(1);
  deliver('truenas://alerts');
  await takeLine(); // answer 1
  void answer(2); // an answer to something else: the pipe does not run empty
  await takeLine(); // the update: the client has it now, and reads the resource
  expect(updates()).toBe(1);
  void answer(3); // what it reads: the state as of now
  deliver('truenas://alerts'); // a change after that
  for (let line = 0; line < 6; line += 1) await takeLine();
  expect(updates()).toBe(2);
});

it('updates of one URI that come while one is being sent are delivered as one; another URI does not wait', async () => {
  const sent: string[] = [];
  const ends: (() => void)[] = [];
  const deliver = coalesced((uri) => {
    sent.push(uri);
    return new Promise((resolve) => ends.push(resolve));
  });
  for (const uri of ['a', 'a', 'a', 'b']) deliver(uri);
  expect(sent).toEqual(['a', 'b']);
  for (const end of ends.splice(0)) end();
  await expect.poll(() => sent).toEqual(['a', 'b', 'a']);
  for (const end of ends.splice(0)) end();
  await sleep(5);
  expect(sent).toHaveLength(3);
});
