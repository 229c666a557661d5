import { setFlagsFromString } from 'node:v8';

/**
 * Lets garbage grow to the size of what is alive before it is collected, instead of to three times that: a server that
 * every client starts and forgets should stay small. It costs a collection of some milliseconds in a thousand calls.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=100');
}
