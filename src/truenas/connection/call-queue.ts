/**
 * How many calls are on their way at once. The NAS runs 10 calls per connection, lets 10 more wait, and refuses
 * the 21st (PROTOCOL section 2). Here 18 are sent and the rest waits in order of arrival, which leaves a place for each
 * of the client's own calls that can be on their way at once: a step of a sign-in, and a ping that was sent before.
 */

/** Calls in flight per connection. */
export const MAX_IN_FLIGHT = 18;
/** Calls that the NAS runs at once. */
export const NAS_WORKERS = 10;

/** A first-come-first-served gate. */
export interface Gate<T> {
  /** Starts the item now if the gate is open and has room, else queues it. */
  enter(item: T): void;
  /** Puts items before all that wait. */
  enterFirst(items: readonly T[]): void;
  /** Takes a waiting item out; false when it was not waiting. */
  withdraw(item: T): boolean;
  /** A started item is done: room for the next. */
  leave(): void;
  open(): void;
  /** Stops starting items; those started keep their places. */
  shut(): void;
  /** The connection is gone, and with it all places. */
  reset(): void;
  /** Empties the queue, or those in it that `which` picks. */
  drain(which?: (item: T) => boolean): T[];
  readonly waiting: number;
  readonly started: number;
}

/**
 * Makes a gate that is shut.
 * @param limit how many may be started at present.
 * @param start returns false when the item could not be started: it then waits first in line.
 */
export function createGate<T>(limit: () => number, start: (item: T) => boolean): Gate<T> {
  let queue = new Set<T>();
  let started = 0;
  let isOpen = false;

  function pump(): void {
    while (isOpen && started < limit()) {
      const next = queue.values().next();
      if (next.done === true) return;
      queue.delete(next.value);
      started += 1;
      if (!start(next.value)) {
        started -= 1;
        isOpen = false;
        queue = new Set([next.value, ...queue]);
        return;
      }
    }
  }

  return {
    enter(item) {
      queue.add(item);
      pump();
    },
    enterFirst(items) {
      queue = new Set([...items, ...queue]);
      pump();
    },
    withdraw: (item) => queue.delete(item),
    leave() {
      started -= 1;
      pump();
    },
    open() {
      isOpen = true;
      pump();
    },
    shut() {
      isOpen = false;
    },
    reset() {
      isOpen = false;
      started = 0;
    },
    drain(which = () => true) {
      const taken = [...queue].filter(which);
      for (const item of taken) queue.delete(item);
      return taken;
    },
    get waiting() {
      return queue.size;
    },
    get started() {
      return started;
    },
  };
}
