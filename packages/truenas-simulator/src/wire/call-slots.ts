/** How many calls of one connection run at once, wait, and are turned away (PROTOCOL sections 2 and 13). */

/** Starts a call; null: it is done already. */
export type StartCall = () => Promise<void> | null;

/** The slots of one connection. */
export interface CallSlots {
  /** Starts the call, or lets it wait for a slot; false when there is no room for it. */
  enter(start: StartCall): boolean;
  /** Forgets the calls that wait. */
  forgetWaiting(): void;
}

const MAX_RUNNING = 10;
const MAX_WAITING = 10;

/**
 * The handler reads all frames of a burst before most of their calls end, even calls as short as `core.ping`. While it
 * reads so many frames one call ends: of 200 pings about 27 are answered.
 */
const FRAMES_PER_ENDED_CALL = 25;

/** Makes free slots. */
export function createCallSlots(): CallSlots {
  const waiting: StartCall[] = [];
  let running = 0;
  /** Calls that are done and keep their slot until the burst they came in is read. */
  let held = 0;
  let framesTooMany = 0;

  function begin(start: StartCall): void {
    running += 1;
    const work = start();
    if (work !== null) {
      void work.finally(leave);
      return;
    }
    held += 1;
    if (held === 1) setImmediate(endBurst);
  }

  function leave(): void {
    running -= 1;
    const next = waiting.shift();
    if (next !== undefined) begin(next);
  }

  function endBurst(): void {
    const ended = held;
    held = 0;
    framesTooMany = 0;
    for (let count = 0; count < ended; count++) leave();
  }

  /** True when a call ends while this frame is read. */
  function isOneEnding(): boolean {
    framesTooMany += 1;
    if (held < 2 || framesTooMany % FRAMES_PER_ENDED_CALL !== 0) return false;
    held -= 1;
    leave();
    return true;
  }

  return {
    enter(start) {
      if (running < MAX_RUNNING) begin(start);
      else if (waiting.length < MAX_WAITING || isOneEnding()) waiting.push(start);
      else return false;
      return true;
    },
    forgetWaiting() {
      waiting.length = 0;
    },
  };
}
