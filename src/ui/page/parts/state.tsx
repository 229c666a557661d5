/** The state of a thing as a mark: a shape and a word, so that nobody needs to see colours. */
import type { ComponentChild } from 'preact';

/** How well something is. */
export type State = 'ok' | 'note' | 'warning' | 'critical' | 'unknown';

/** The outline of each mark, in a box of 16 by 16. */
const SHAPES: Readonly<Record<State, ComponentChild>> = {
  ok: (
    <>
      <circle class="mark-shape" cx="8" cy="8" r="7" />
      <path class="mark-sign" d="M4.8 8.3 7 10.5l4.2-4.8" />
    </>
  ),
  note: (
    <>
      <rect class="mark-shape" x="1.5" y="1.5" width="13" height="13" rx="3" />
      <path class="mark-sign" d="M8 7.5v4M8 4.6v.2" />
    </>
  ),
  warning: (
    <>
      <path class="mark-shape" d="M8 1.5 15.2 14.2H.8Z" />
      <path class="mark-sign" d="M8 6v4M8 12v.2" />
    </>
  ),
  critical: (
    <>
      <path class="mark-shape" d="M5 1h6l4 4v6l-4 4H5l-4-4V5Z" />
      <path class="mark-sign" d="m5.5 5.5 5 5m0-5-5 5" />
    </>
  ),
  unknown: (
    <>
      <path class="mark-shape" d="M8 .8 15.2 8 8 15.2.8 8Z" />
      <path class="mark-sign" d="M6.2 6.4a1.9 1.9 0 1 1 2.6 1.9c-.6.3-.8.6-.8 1.3M8 11.6v.2" />
    </>
  ),
};

/** The mark alone; the word of it stands beside. */
export function Mark({ state, size = 16 }: { readonly state: State; readonly size?: number }) {
  return (
    <svg class={`mark ${state}`} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      {SHAPES[state]}
    </svg>
  );
}

/** The mark with its word: `DEGRADED`. */
export function StateWord({ state, word }: { readonly state: State; readonly word: string }) {
  return (
    <span class={`state ${state}`}>
      <Mark state={state} />
      {word}
    </span>
  );
}
