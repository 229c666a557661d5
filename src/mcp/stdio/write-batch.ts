/** Answers that become ready side by side leave in one write: each write wakes the client up, which costs more than the answer. */
import type { Writable } from 'node:stream';

/** Makes the function to call before each write: what is written until all promises have come to rest leaves together. */
export function gathering(output: Writable): () => void {
  let isGathering = false;
  return () => {
    if (isGathering) return;
    isGathering = true;
    output.cork();
    process.nextTick(() => {
      isGathering = false;
      output.uncork();
    });
  };
}
