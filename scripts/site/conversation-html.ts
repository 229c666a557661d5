/** The conversation of the first page as HTML; its answers are data, and stay text. */
import { escaped } from './layout.ts';

/** A question, the call by which it is answered, and the answer. */
export interface Turn {
  readonly question: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** A PNG in base64. */
  readonly image?: string | undefined;
}

/** Lines of an answer that the first page shows; the rest is folded away. */
const SHOWN_LINES = 14;

/** File of the picture of a turn, in the folder of the site. */
export function imageFile(index: number): string {
  return `conversation-${index + 1}.png`;
}

/** The figure; empty without turns. */
export function conversationHtml(turns: readonly Turn[]): string {
  if (turns.length === 0) return '';
  const parts = turns.map(({ question, tool, args, text, image }, index) =>
    [
      `<p class="asks">${escaped(question)}</p>`,
      `<p class="calls"><code>${escaped(tool)} ${escaped(JSON.stringify(args))}</code></p>`,
      answer(text.split('\n')),
      ...(image === undefined
        ? []
        : [`<img src="${imageFile(index)}" alt="The same as a picture: ${escaped(tool)}">`]),
    ].join('\n'),
  );
  return `<figure class="conversation">
${parts.join('\n')}
<figcaption>As it took place when this page was made: a simulated TrueNAS, the server, its answers word for word.</figcaption>
</figure>
`;
}

function answer(lines: readonly string[]): string {
  const shown = `<pre>${escaped(lines.slice(0, SHOWN_LINES).join('\n'))}</pre>`;
  const rest = lines.slice(SHOWN_LINES);
  return rest.length === 0
    ? shown
    : `${shown}\n<details><summary>${rest.length} more ${rest.length === 1 ? 'line' : 'lines'}</summary><pre>${escaped(rest.join('\n'))}</pre></details>`;
}
