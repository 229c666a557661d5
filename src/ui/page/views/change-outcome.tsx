/** How a change ended: what the NAS was seen to be afterwards, what was done and what not. */
import { type JsonObject, objectOf, objectsOf, textOf, textsOf } from '../json.ts';
import { Mark, type State } from '../parts/state.tsx';

/** How an end looks, and what it means. */
interface End {
  readonly state: State;
  readonly word: string;
  readonly meaning: string;
}

/** By the words of the server (docs/safety.md). */
const ENDS: Readonly<Record<string, End>> = {
  applied: { state: 'ok', word: 'DONE', meaning: 'It was seen on the NAS afterwards.' },
  differs: {
    state: 'warning',
    word: 'NOT AS PLANNED',
    meaning: 'The NAS accepted every call, and a look afterwards shows something else.',
  },
  partly: { state: 'critical', word: 'DONE IN PART', meaning: 'Some of it is done, and the rest is not.' },
  failed: { state: 'critical', word: 'FAILED', meaning: 'Nothing was changed.' },
  unknown: {
    state: 'unknown',
    word: 'OUTCOME UNKNOWN',
    meaning: 'It may have been applied. Look at the NAS first, and do not repeat it.',
  },
  moved: {
    state: 'warning',
    word: 'NOTHING WAS SENT',
    meaning: 'What it was planned for has changed since. It has to be planned again.',
  },
  refused: { state: 'warning', word: 'NOTHING WAS SENT', meaning: 'Nothing was changed.' },
};

/** A state that this page does not know is drawn as unknown. */
const OTHER: End = { state: 'unknown', word: 'UNKNOWN', meaning: 'How it ended is not known here.' };

/** What became of one call. */
const CALL_STATES: Readonly<Record<string, { readonly state: State; readonly word: string }>> = {
  done: { state: 'ok', word: 'done' },
  failed: { state: 'critical', word: 'FAILED' },
  unknown: { state: 'unknown', word: 'SENT, NO ANSWER' },
  'not sent': { state: 'warning', word: 'not sent' },
};

/** The kind of the end; undefined while the change has not ended. */
export function endOf(data: JsonObject, viewData: JsonObject | undefined): End | undefined {
  const kind = textOf(objectOf(viewData?.['outcome'])?.['kind']) ?? textOf(data['state']);
  if (kind === undefined || kind === 'planned') return undefined;
  return Object.hasOwn(ENDS, kind) ? ENDS[kind] : OTHER;
}

/** The end in full. */
export function ChangeOutcome({ outcome }: { readonly outcome: JsonObject }) {
  const reason = textOf(outcome['reason']);
  const calls = objectOf(outcome['calls']);
  const found = objectOf(outcome['found']);
  const undo = textOf(outcome['undo']);
  const lines = textsOf(found?.['shown']);
  return (
    <>
      {reason !== undefined && <p>Why: {reason}</p>}
      <section>
        <h2>What became of each call</h2>
        <ul class="reasons">
          {objectsOf(calls?.['shown']).map((call) => (
            <CallEnd call={call} />
          ))}
        </ul>
        <More count={calls?.['more']} />
      </section>
      {lines.length > 0 && (
        <section>
          <h2>Seen afterwards</h2>
          <ul class="lines">
            {lines.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
          <More count={found?.['more']} />
        </section>
      )}
      {undo !== undefined && <p class="quiet">{undo}</p>}
    </>
  );
}

/** How many of a list are not drawn. */
export function More({ count }: { readonly count: unknown }) {
  if (typeof count !== 'number' || count <= 0) return null;
  return <p class="quiet">{count} more are not in this picture.</p>;
}

function CallEnd({ call }: { readonly call: JsonObject }) {
  const told = textOf(call['state']) ?? '';
  const { state, word } = (Object.hasOwn(CALL_STATES, told) ? CALL_STATES[told] : undefined) ?? {
    state: 'unknown',
    word: 'UNKNOWN',
  };
  const problem = textOf(call['problem']);
  return (
    <li class={state}>
      <Mark state={state} />
      <span>
        <b>{word}</b> {textOf(call['purpose']) ?? 'a call without a known purpose'}
        {problem !== undefined && <span class="quiet"> {problem}</span>}
      </span>
    </li>
  );
}
