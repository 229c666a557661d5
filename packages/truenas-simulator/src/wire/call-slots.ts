/** How many calls of one connection run at once, wait, and are turned away (PROTOCOL sections 2 and 13). */

/** Starts a call; null: it is done already. */
export type StartCall = () => Promise<void> | null;

/** The stream that the answers of a connection leave by; a Writable is one. */
export interface AnswerStream {
  /** Keeps back what is written from here on. */
  cork(): void;
  /** Lets it leave. */
  uncork(): void;
}

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
export function createCallSlots(answers: AnswerStream): CallSlots {
  const waiting: StartCall[] = [];
  let running = 0;
  /**
   * Calls that are done and keep their slot until the burst they came in is read. Their answers leave after that: the
   * handler frees a slot before it answers, so that a client which sends a call at each answer finds room.
   */
  let held = 0;
  let framesTooMany = 0;

  function begin(start: StartCall): void {
    running += 1;
    answers.cork();
    const work = start();
    if (work !== null) {
      answers.uncork();
      void work.finally(leave);
      return;
    }
    held += 1;
    if (held === 1) setImmediate(endBurst);
  }

  function leave(): void {
    running -= 1;
    beginWaiting();
  }

  function beginWaiting(): void {
    while (running < MAX_RUNNING) {
      const next = waiting.shift();
      if (next === undefined) return;
      begin(next);
    }
  }

  function endBurst(): void {
    framesTooMany = 0;
    running -= held;
    for (; held > 0; held -= 1) answers.uncork();
    beginWaiting();
  }

  /** True when a call ends while this frame is read. */
  function isOneEnding(): boolean {
    framesTooMany += 1;
    if (held < 2 || framesTooMany % FRAMES_PER_ENDED_CALL !== 0) return false;
    held -= 1;
    answers.uncork();
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
