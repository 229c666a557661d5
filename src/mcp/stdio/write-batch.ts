/** Writes answers that become ready together at once: each write wakes the client, which costs more than an answer. */
import type { Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/server';
import { wrapTransport } from './wrap-transport.ts';

/** Holds what a transport writes to `output` until all promises have come to rest. */
export function withWriteBatch(inner: Transport, output: Writable): Transport {
  let isOpen = false;
  return wrapTransport(inner, {
    send(_message, pass) {
      if (!isOpen) {
        isOpen = true;
        output.cork();
        process.nextTick(() => {
          isOpen = false;
          output.uncork();
        });
      }
      return pass();
    },
  });
}
