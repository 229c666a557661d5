/** State before and after a change, as a table: a row for each field, under the thing that it belongs to. */
import { type JsonObject, objectsOf, textOf, textsOf } from '../json.ts';
import { More } from './change-outcome.tsx';

/** The table; nothing where nothing but calls is planned. */
export function ChangeDiff({
  diff,
  title,
}: {
  readonly diff: JsonObject | undefined;
  readonly title: string;
}) {
  const groups = groupsOf(objectsOf(diff?.['shown']));
  if (groups.length === 0) return null;
  return (
    <section>
      <table class="diff">
        <caption>
          <h2>{title}</h2>
        </caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        {groups.map(({ thing, entries }) => (
          <tbody>
            <tr class="thing">
              <th scope="rowgroup" colSpan={3}>
                {thing}
              </th>
            </tr>
            {entries.map((entry) => (
              <Row entry={entry} />
            ))}
          </tbody>
        ))}
      </table>
      <More count={diff?.['more']} />
    </section>
  );
}

function Row({ entry }: { readonly entry: JsonObject }) {
  const note = textOf(entry['note']);
  const made = textsOf(entry['made']);
  if (note !== undefined) {
    return (
      <tr>
        <td colSpan={3}>{note}</td>
      </tr>
    );
  }
  return (
    <tr>
      <th scope="row">{textOf(entry['field']) ?? 'the thing itself'}</th>
      <td class="before">{textOf(entry['before']) ?? 'not compared'}</td>
      <td class="after">
        {textOf(entry['after']) ?? 'not known'}
        {made.length > 0 && (
          <ul class="lines">
            {made.map((field) => (
              <li>{field}</li>
            ))}
          </ul>
        )}
      </td>
    </tr>
  );
}

/** Entries in a row that belong to one thing. */
function groupsOf(
  entries: readonly JsonObject[],
): readonly { readonly thing: string; readonly entries: readonly JsonObject[] }[] {
  const groups: { thing: string; entries: JsonObject[] }[] = [];
  for (const entry of entries) {
    const thing = textOf(entry['thing']) ?? 'a thing without a name';
    const last = groups.at(-1);
    if (last?.thing === thing) last.entries.push(entry);
    else groups.push({ thing, entries: [entry] });
  }
  return groups;
}
