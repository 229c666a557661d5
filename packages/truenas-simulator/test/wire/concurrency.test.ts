/** How many calls a connection takes at once. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createCallSlots } from '../../src/wire/call-slots.ts';
import { withSimulator } from '../support/simulator.ts';

describe('calls in one burst', () => {
  const nas = withSimulator({ release: '25.10' });

  it('of 200 pings 22 to 32 are answered, the others turned away, and the next one is answered', async () => {
    const connection = await nas.connect();
    for (let id = 1000; id < 1200; id++) {
      connection.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'core.ping' }));
    }
    await connection.frame((frame) => frame.id === 1199);
    expect(await connection.call('core.ping')).toBe('pong');
    const replies = connection.frames.filter(({ id }) => id >= 1000 && id < 1200);
    const refused = replies.filter(({ error }) => error?.code === -32000);
    const answered = replies.filter(({ result }) => result === 'pong');
    expect(answered.length + refused.length).toBe(200);
    expect(answered.length).toBeGreaterThanOrEqual(22);
    expect(answered.length).toBeLessThanOrEqual(32);
    expect(refused[0].error).toEqual({
      code: -32000,
      message: 'Maximum number of concurrent calls (20) has exceeded',
    });
  });

  it('twenty are all answered', async () => {
    const connection = await nas.connect();
    const calls = Array.from({ length: 20 }, () => connection.call('core.ping'));
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 20 }, () => 'pong'));
  });
});

describe('the slots of a connection', () => {
  it('ten run, ten wait in order, the next is turned away until one ends', async () => {
    const slots = createCallSlots(new PassThrough());
    const started: number[] = [];
    const ends: (() => void)[] = [];
    const enter = (number: number): boolean =>
      slots.enter(() => {
        started.push(number);
        return new Promise((resolve) => ends.push(resolve));
      });
    const entered = Array.from({ length: 21 }, (_, number) => enter(number));
    expect(entered).toEqual([...Array.from({ length: 20 }, () => true), false]);
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    ends[3]?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect(started.at(-1)).toBe(10);
    expect(enter(21)).toBe(true);
  });

  it('a slot is free before its answer leaves: who sends a call for each answer, twenty at once, is never turned away', async () => {
    const wire = new PassThrough();
    const slots = createCallSlots(wire);
    let left = 500;
    let refused = 0;
    const send = () => {
      left -= 1;
      const answerAtOnce = () => {
        wire.write('.');
        return null;
      };
      if (!slots.enter(answerAtOnce)) refused += 1;
    };
    for (let count = 0; count < 20; count += 1) send();
    for await (const chunk of wire) {
      for (let count = 0; count < chunk.length && left > 0; count += 1) send();
      if (left === 0) break;
    }
    expect(refused).toBe(0);
  });
});
