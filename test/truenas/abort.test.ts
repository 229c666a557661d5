import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { offAbort, onAbort } from '../../src/truenas/abort.ts';

describe('listening to one signal from many calls', () => {
  it('tells each that still listens, once', () => {
    const controller = new AbortController();
    const told: number[] = [];
    const listeners = Array.from({ length: 30 }, (_, index) => () => void told.push(index));
    for (const listener of listeners) onAbort(controller.signal, listener);
    for (const listener of listeners.slice(0, 28)) offAbort(controller.signal, listener);
    controller.abort();
    controller.abort();
    expect(told).toEqual([28, 29]);
  });

  it('holds one listener while anybody listens, and none afterwards', () => {
    const { signal } = new AbortController();
    const [one, other] = [() => {}, () => {}];
    onAbort(signal, one);
    onAbort(signal, other);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    offAbort(signal, one);
    offAbort(signal, one);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    offAbort(signal, other);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    onAbort(signal, one);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  });

  it('a listener that leaves while all are told is not told', () => {
    const controller = new AbortController();
    const told: string[] = [];
    const second = () => void told.push('second');
    onAbort(controller.signal, () => {
      told.push('first');
      offAbort(controller.signal, second);
    });
    onAbort(controller.signal, second);
    controller.abort();
    expect(told).toEqual(['first']);
  });
});
