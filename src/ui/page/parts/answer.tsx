/** One answer: the picture where it can be drawn, and the text that the model reads. */
import type { ToolResult } from '../bridge.ts';
import type { JsonObject } from '../json.ts';
import type { Drawing, View } from '../view.ts';

/** The answer of a tool by its view; an error and what no view draws is shown as text alone. */
export function Answer({
  tool,
  view,
  args,
  result,
  open,
}: {
  readonly tool: string;
  readonly view: View | undefined;
  readonly args: JsonObject;
  readonly result: ToolResult;
  readonly open: Drawing['open'];
}) {
  const { data, viewData, text, isError } = result;
  const isText = isError && view?.drawsErrors !== true;
  const picture = isText || data === undefined ? undefined : view?.draw({ tool, data, viewData, args, open });
  if (picture === undefined) {
    return (
      <section aria-label={isError ? 'The call failed' : 'Answer'}>
        {isError && <h1>The call failed</h1>}
        <pre>{text === '' ? 'The answer is empty.' : text}</pre>
      </section>
    );
  }
  return (
    <>
      {picture}
      {text !== '' && (
        <details class="as-text">
          <summary>The answer as text</summary>
          <pre>{text}</pre>
        </details>
      )}
    </>
  );
}
