/** Whose turn it is: one change at a time on a system. */
import { setTimeout } from 'node:timers/promises';

/** Longer than nearly every change that is no job takes, in milliseconds. */
const TURN_MS = 60_000;

/**
 * Makes the turns: what one change is planned for must not move under it by our own hand. One that takes long, a job of
 * hours, lets the next go on after a while, so that it can be stopped; each re-reads what it touches all the same.
 * @param turnMs how long a change keeps the next one waiting, in milliseconds; a minute when absent
 */
export function createTurns(
  turnMs = TURN_MS,
): <Value>(system: string, work: () => Promise<Value>) => Promise<Value> {
  const lastOf = new Map<string, Promise<unknown>>();
  return (system, work) => {
    const before = lastOf.get(system) ?? Promise.resolve();
    const done = before.then(work);
    const turn = before.then(async () => {
      const over = new AbortController();
      const { signal } = over;
      const ended = done.then(
        () => over.abort(),
        () => over.abort(),
      );
      await Promise.race([ended, setTimeout(turnMs, undefined, { ref: false, signal })]);
    });
    lastOf.set(
      system,
      turn.catch(() => {}),
    );
    return done;
  };
}
