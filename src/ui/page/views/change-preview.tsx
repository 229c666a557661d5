/**
 * A planned change: risk, what it does to what, how it is taken back, and who is asked. Nothing here can approve or apply it:
 * there is no button, and the address of the approval page is never in the data.
 */
import { type JsonObject, objectOf, textOf, textsOf } from '../json.ts';
import { RiskMark, riskColours, riskMeaning } from '../parts/risk.tsx';
import { Mark } from '../parts/state.tsx';
import type { View } from '../view.ts';
import { ChangeDiff } from './change-diff.tsx';
import { ChangeOutcome, endOf, More } from './change-outcome.tsx';

/** Draws a plan, and how it ended. */
export const changePreview: View = {
  name: 'change-preview',
  tools: ['plan_change', 'plan_changes', 'undo_change', 'apply_change'],
  drawsErrors: true,
  draw({ data, viewData }) {
    const summary = textOf(data['summary']);
    if (summary === undefined) return undefined;
    const end = endOf(data, viewData);
    const risk = textOf(data['risk']) ?? textOf(viewData?.['risk']) ?? 'unknown';
    const outcome = objectOf(viewData?.['outcome']);
    const colours = end?.state ?? riskColours(risk);
    return (
      <article class="change-preview">
        <header class={`verdict ${colours}`}>
          {end === undefined ? <RiskMark risk={risk} size={40} /> : <Mark state={end.state} size={40} />}
          <div>
            <h1>{`${end?.word ?? 'Planned'}: ${summary}`}</h1>
            <p>
              {end?.meaning ?? (
                <>
                  <b>Risk: {risk}.</b> {riskMeaning(risk)}
                </>
              )}
            </p>
            {end === undefined && <Because viewData={viewData} />}
          </div>
        </header>
        {end === undefined && <Refusals data={data} viewData={viewData} />}
        {viewData === undefined && (
          <ul class="reasons">
            <li class="unknown">
              <Mark state="unknown" />
              <span>The details did not reach this picture. Read them in the text below.</span>
            </li>
          </ul>
        )}
        {outcome !== undefined && <ChangeOutcome outcome={outcome} />}
        {viewData !== undefined && <Plan risk={risk} viewData={viewData} hasEnded={end !== undefined} />}
        {end === undefined && <NextStep data={data} viewData={viewData} />}
        <p class="quiet">{origin(data, viewData)}</p>
      </article>
    );
  },
};

/** Findings that make the risk what it is. */
function Because({ viewData }: { readonly viewData: JsonObject | undefined }) {
  const reasons = textsOf(viewData?.['reasons']);
  return reasons.length === 0 ? null : <p>Because: {reasons.join('; ')}</p>;
}

/** Why it will not be sent. */
function Refusals({
  data,
  viewData,
}: {
  readonly data: JsonObject;
  readonly viewData: JsonObject | undefined;
}) {
  const notApplied = textOf(viewData?.['notApplied']);
  const told = [...textsOf(viewData?.['obstacles']), ...(notApplied === undefined ? [] : [notApplied])];
  const isBarred = data['canBeApplied'] === false;
  const lines = told.length === 0 && isBarred ? ['The reason is in the text below.'] : [...new Set(told)];
  if (lines.length === 0) return null;
  return (
    <section>
      <h2>It will not be sent</h2>
      <ul class="reasons">
        {lines.map((line) => (
          <li class="critical">
            <Mark state="critical" />
            <span>{line}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Everything that was planned. */
function Plan({
  risk,
  viewData,
  hasEnded,
}: {
  readonly risk: string;
  readonly viewData: JsonObject;
  /** How it ended, and its undo then, is told already. */
  readonly hasEnded: boolean;
}) {
  const impact = objectOf(viewData['impact']);
  const lines = textsOf(impact?.['shown']);
  const touches = objectOf(viewData['touches']);
  const calls = objectOf(viewData['calls']);
  const isGrave = ['exposes', 'destroys', 'executes'].includes(risk);
  const state = isGrave ? 'warning' : 'unknown';
  return (
    <>
      {lines.length > 0 && (
        <section>
          <h2>Impact</h2>
          {isGrave ? (
            <ul class="reasons">
              {lines.map((line) => (
                <li class={state}>
                  <Mark state={state} />
                  <span>{line}</span>
                </li>
              ))}
            </ul>
          ) : (
            <Lines lines={lines} />
          )}
          <More count={impact?.['more']} />
        </section>
      )}
      <ChangeDiff
        diff={objectOf(viewData['diff'])}
        title={hasEnded ? 'Before and after, as planned' : 'Before and after'}
      />
      <section>
        <h2>Touches</h2>
        <ul class="chips">
          {textsOf(touches?.['shown']).map((name) => (
            <li>{name}</li>
          ))}
        </ul>
        <More count={touches?.['more']} />
      </section>
      <section>
        <h2>Calls</h2>
        <Exact title={counted('Exact call', 'in this order', calls)} calls={calls} />
      </section>
      {!hasEnded && <Undo viewData={viewData} />}
    </>
  );
}

function Undo({ viewData }: { readonly viewData: JsonObject }) {
  const calls = objectOf(viewData['undoCalls']);
  const notes = textsOf(viewData['undoNotes']);
  const hasUndo = viewData['hasUndo'];
  return (
    <section>
      <h2>Undo</h2>
      {hasUndo !== true ? (
        <p>
          <Mark state={hasUndo === false ? 'critical' : 'unknown'} />{' '}
          {notes.length === 0 ? 'Whether it can be taken back is not known.' : notes.join('; ')}
        </p>
      ) : (
        <>
          <p>It can be taken back by undo_change, which is a change of its own.</p>
          {notes.length > 0 && <Lines lines={notes} />}
          <Exact title={counted('Call', 'of the undo', calls)} calls={calls} />
        </>
      )}
    </section>
  );
}

/** Calls as they are sent, folded: they are long. */
function Exact({ title, calls }: { readonly title: string; readonly calls: JsonObject | undefined }) {
  const lines = textsOf(calls?.['shown']);
  if (lines.length === 0) return null;
  return (
    <details>
      <summary>{title}</summary>
      <ol class="lines exact">
        {lines.map((line) => (
          <li>{line}</li>
        ))}
      </ol>
      <More count={calls?.['more']} />
    </details>
  );
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <ul class="lines">
      {lines.map((line) => (
        <li>{line}</li>
      ))}
    </ul>
  );
}

/** Consent by the words of the server (src/changes/plan.ts). */
const CONSENT: Readonly<Record<string, string>> = {
  none: 'Nobody is asked where the server has a key that writes: it is applied when the assistant calls apply_change. Without one, a person signs in to the NAS for it.',
  question:
    'You are asked before: your client shows a form with this plan, or its permission prompt shows the summary word for word. Where neither is possible, or the server has no key that writes, a person signs in to the NAS for it.',
  approval:
    'A person is asked, and signs in to the NAS for it: on the approval page, which the server opens, or in the terminal with `truenas-mcp approve`.',
};

/** Who is asked, and until when. */
function NextStep({
  data,
  viewData,
}: {
  readonly data: JsonObject;
  readonly viewData: JsonObject | undefined;
}) {
  const consent = textOf(data['consent']) ?? textOf(viewData?.['consent']) ?? '';
  const expiresAt = textOf(data['expiresAt']) ?? textOf(viewData?.['expiresAt']);
  const typed = textsOf(viewData?.['typed']);
  const roles = textOf(viewData?.['roles']);
  const isBarred = data['canBeApplied'] === false || textsOf(viewData?.['obstacles']).length > 0;
  const isUnderWay = viewData?.['phase'] === 'applying';
  const asked = Object.hasOwn(CONSENT, consent) ? CONSENT[consent] : undefined;
  return (
    <section>
      <h2>What happens next</h2>
      <div class="next-step">
        <p>
          {isUnderWay
            ? 'It is being applied at this moment.'
            : isBarred
              ? 'Nothing: this plan cannot be applied as things are.'
              : (asked ?? 'Who is asked before is not known here.')}
        </p>
        {typed.length > 0 && (
          <>
            <p class="quiet">Secrets that it needs:</p>
            <Lines lines={typed} />
          </>
        )}
        <p class="quiet">
          Nothing was changed by this plan, and nothing can be decided in this picture.{' '}
          {expiresAt === undefined
            ? 'How long the plan lives is not known here.'
            : `The plan lives for ten minutes, until ${instant(expiresAt)}.`}
          {roles !== undefined && ` Roles that the account needs: ${roles}.`}
        </p>
      </div>
    </section>
  );
}

function counted(noun: string, rest: string, calls: JsonObject | undefined): string {
  const more = Number(calls?.['more'] ?? 0);
  const count = textsOf(calls?.['shown']).length + (Number.isFinite(more) ? more : 0);
  return count === 1 ? noun : `${count} ${noun.toLowerCase()}s ${rest}`;
}

/** `2026-03-01 12:10:00 UTC`; a text of another form as it is. */
function instant(text: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/u.exec(text) ?? [];
  return day === undefined ? text : `${day} ${time} UTC`;
}

function origin(data: JsonObject, viewData: JsonObject | undefined): string {
  const tool = textOf(viewData?.['tool']);
  const system = textOf(viewData?.['system']);
  return [
    `Plan ${textOf(data['plan']) ?? 'without a known id'}`,
    tool === undefined ? undefined : `planned by ${tool}`,
    system === undefined ? undefined : `NAS ${system}`,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}
