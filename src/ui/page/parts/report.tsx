/** The form of every composite answer: the verdict, a picture where there is one, findings by kind, and what is not judged. */
import type { ComponentChildren } from 'preact';
import { type JsonObject, numberOf, objectsOf, textOf, textsOf } from '../json.ts';
import { Mark } from './state.tsx';
import { Unread } from './unread.tsx';
import { levelState, verdictWords } from './verdict.ts';

/** Names of a finding that are shown; the rest is counted. */
const MAX_NAMED = 6;

/** The report; undefined for data of another form. */
export function reportOf(data: JsonObject, title: string, children?: ComponentChildren) {
  const verdict = textOf(data['verdict']);
  if (verdict === undefined) return undefined;
  const { state } = verdictWords(verdict);
  const unjudged = textsOf(data['unjudged']);
  const findings = objectsOf(data['findings']);
  return (
    <article>
      <header class={`verdict ${state}`}>
        <Mark state={state} size={40} />
        <div>
          <h1>
            {verdict} <span class="quiet">{title}</span>
          </h1>
          <p>{textOf(data['headline'])}</p>
        </div>
      </header>
      <Unread title="Not read or not known, so not judged" texts={unjudged} />
      {children}
      {findings.length > 0 && (
        <section>
          <h2>Findings, worst first</h2>
          <ul class="reasons">
            {findings.map((finding) => (
              <FindingLine finding={finding} />
            ))}
          </ul>
        </section>
      )}
      {textsOf(data['lines']).map((line) => (
        <p class="line-note">{line}</p>
      ))}
    </article>
  );
}

/** `WARNING full: fast`, of the id `space.full`. */
function FindingLine({ finding }: { readonly finding: JsonObject }) {
  const level = textOf(finding['level']) ?? 'UNKNOWN';
  const about = textsOf(finding['about']);
  const more = (numberOf(finding['count']) ?? about.length) - Math.min(about.length, MAX_NAMED);
  const what = (textOf(finding['id']) ?? 'unnamed').replace(/^[^.]*\./u, '').replaceAll('_', ' ');
  const repairedBy = textOf(finding['repairedBy']);
  return (
    <li class={levelState(level)}>
      <Mark state={levelState(level)} />
      <span>
        <b>{level}</b> {what}
        {finding['certainty'] === 'likely' ? ' (likely)' : ''}: {about.slice(0, MAX_NAMED).join(', ')}
        {more > 0 ? ` and ${more} more` : ''}
      </span>
      {repairedBy !== undefined && (
        <span class="next quiet">mended by {repairedBy.replaceAll('_', ' ')}</span>
      )}
    </li>
  );
}
