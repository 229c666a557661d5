/** The overview: the verdict, its reasons with the call that tells more, what was not read, and what was seen. */
import { formatDuration } from '../../../output/time.ts';
import type { ToolCall } from '../bridge.ts';
import { type JsonObject, numberOf, objectOf, textOf, textsOf } from '../json.ts';
import { CallButton } from '../parts/call-button.tsx';
import { Mark, type State } from '../parts/state.tsx';
import { Unread } from '../parts/unread.tsx';
import { levelState, verdictWords } from '../parts/verdict.ts';
import { isReading } from '../reads.ts';
import type { Drawing, View } from '../view.ts';

/** One reason of the verdict. */
interface Reason {
  readonly state: State;
  readonly level: string;
  readonly text: string;
  readonly next: ToolCall | undefined;
}

/** Draws the answer of system_overview. */
export const overview: View = {
  name: 'overview',
  tools: ['system_overview'],
  draw({ data, open }) {
    const verdict = textOf(data['verdict']);
    if (verdict === undefined) return undefined;
    const { state, meaning } = verdictWords(verdict);
    const reasons = textsOf(data['reasons']).map(reasonOf);
    const unread = textsOf(data['unread']);
    const seen = textsOf(data['seen']);
    const more = numberOf(data['moreReasons']) ?? 0;
    const notes = [textOf(data['clock']), signedIn(data)].flatMap((note) => note ?? []);
    return (
      <article class="overview">
        <header class={`verdict ${state}`}>
          <Mark state={state} size={40} />
          <div>
            <h1>
              {verdict}
              <span class="quiet"> {textOf(data['hostname']) ?? 'NAS without a known name'}</span>
            </h1>
            <p>{meaning}</p>
            <p class="quiet">{machine(data)}</p>
          </div>
        </header>
        <Unread title="Not read, so not judged" texts={unread} />
        <Reasons reasons={reasons} more={more} open={open} />
        {seen.length > 0 && (
          <section>
            <h2>Seen</h2>
            <ul class="chips">
              {seen.map((text) => (
                <li>{text}</li>
              ))}
            </ul>
          </section>
        )}
        <section aria-label="Look closer" class="row">
          {MORE.map((call) => (
            <CallButton call={call} open={open} />
          ))}
        </section>
        {notes.map((note) => (
          <p class="quiet">{note}</p>
        ))}
      </article>
    );
  },
};

/** What people look at next, whatever the verdict. */
const MORE: readonly ToolCall[] = [
  { tool: 'list_pools', args: {} },
  { tool: 'list_alerts', args: {} },
  { tool: 'list_disks', args: {} },
];

function Reasons({
  reasons,
  more,
  open,
}: {
  readonly reasons: readonly Reason[];
  readonly more: number;
  readonly open: Drawing['open'];
}) {
  if (reasons.length === 0) return null;
  return (
    <section>
      <h2>Reasons, worst first</h2>
      <ul class="reasons">
        {reasons.map(({ state, level, text, next }) => (
          <li class={state}>
            <Mark state={state} />
            <span>
              <b>{level}</b> {text}
            </span>
            {next !== undefined && <CallButton call={next} open={open} />}
          </li>
        ))}
      </ul>
      {more > 0 && <p class="quiet">{more} more are not in this answer.</p>}
    </section>
  );
}

/** `CRITICAL pool tank DEGRADED → get_pool {"pool":"tank"}`. A name within the text may hold an arrow, too: only a call that ends the text counts. */
function reasonOf(reason: string): Reason {
  const [level = '', ...words] = reason.split(' ');
  const text = words.join(' ');
  const state = levelState(level);
  for (let at = text.indexOf(ARROW); at >= 0; at = text.indexOf(ARROW, at + 1)) {
    const next = callOf(text.slice(at + ARROW.length));
    if (next !== undefined) return { state, level, text: text.slice(0, at), next };
  }
  return { state, level, text, next: undefined };
}

const ARROW = ' → ';

function callOf(text: string): ToolCall | undefined {
  const [, tool, json = '{}'] = /^([a-z_]{3,40})(?: (\{.*\}))?$/u.exec(text) ?? [];
  if (tool === undefined || !isReading(tool)) return undefined;
  try {
    const args = objectOf(JSON.parse(json));
    return args && { tool, args };
  } catch {
    return undefined;
  }
}

function machine(data: JsonObject): string {
  const uptime = numberOf(data['uptimeSeconds']);
  const version = textOf(data['version']);
  return [
    version === undefined ? 'version unknown' : `TrueNAS ${version}`,
    textOf(data['model']),
    uptime === undefined ? 'uptime unknown' : `up ${formatDuration(uptime * 1000)}`,
    data['isSimulated'] === true ? 'simulated' : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

function signedIn(data: JsonObject): string | undefined {
  const account = textOf(data['signedInAs']);
  return account && `Read as ${account}.`;
}
