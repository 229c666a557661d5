/**
 * Bounds the calls that are in flight at once. The NAS runs 10 calls per connection, lets 10 more wait, and refuses the
 * 21st (PROTOCOL section 2). The queue sends 18 and keeps the others in order of arrival; the two free places are for the
 * client's own calls: one step of a sign-in and one ping.
 */

/** Calls in flight per connection. */
export const MAX_IN_FLIGHT = 18;
/** Calls that the NAS runs at once. */
export const NAS_WORKERS = 10;

/** A first-come-first-served queue in front of a bounded number of places. */
export interface CallQueue<T> {
  /** Starts the item now if the queue is open and a place is free, else lets it wait. */
  add(item: T): void;
  /** Puts items before all that wait. */
  addFirst(items: readonly T[]): void;
  /** Takes a waiting item out; false when it was not waiting. */
  withdraw(item: T): boolean;
  /** Frees the place of a started item. */
  free(): void;
  open(): void;
  /** Stops starting items; those started keep their places. */
  shut(): void;
  /** Shuts the queue and frees all places: the connection is gone. */
  reset(): void;
  /** Takes all waiting items out, or those that `which` picks. */
  drain(which?: (item: T) => boolean): T[];
  readonly waiting: number;
  readonly started: number;
}

/**
 * Makes a queue that is shut.
 * @param limit how many items may be started at present.
 * @param start returns false when the item could not be started: it then waits first in line.
 */
export function createCallQueue<T>(limit: () => number, start: (item: T) => boolean): CallQueue<T> {
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
    add(item) {
      queue.add(item);
      pump();
    },
    addFirst(items) {
      queue = new Set([...items, ...queue]);
      pump();
    },
    withdraw: (item) => queue.delete(item),
    free() {
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
