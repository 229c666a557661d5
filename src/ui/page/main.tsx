/** The page: waits for the answer of a tool, and draws it by the view that the page was read as; the text always stands beside. */
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Bridge, connectHost, type ToolCall, type ToolResult } from './bridge.ts';
import type { JsonObject } from './json.ts';
import { Answer } from './parts/answer.tsx';
import { callLabel } from './parts/call-button.tsx';
import type { View } from './view.ts';
import { VIEWS } from './views/index.ts';

/** One answer that is or was on the page. */
interface Shown {
  readonly view: View | undefined;
  readonly args: JsonObject;
  readonly result: ToolResult;
  /** The call that a person made on the page; absent for the one that the page was opened with. */
  readonly call?: ToolCall;
}

const FIRST_VIEW = VIEWS.find(({ name }) => name === document.documentElement.dataset['view']);

function Page() {
  const bridge = useRef<Bridge | undefined>(undefined);
  const args = useRef<JsonObject>({});
  const told = useRef('');
  const [shown, setShown] = useState<readonly Shown[]>([]);
  const [mayCall, setMayCall] = useState(false);
  const [status, setStatus] = useState('Waiting for the answer of the NAS.');
  const top = useRef<HTMLElement>(null);

  useEffect(() => {
    bridge.current = connectHost({
      ready: setMayCall,
      theme: (theme) => {
        document.documentElement.dataset['theme'] = theme;
      },
      tool: (name) => {
        told.current = name;
      },
      input: (given) => {
        args.current = given;
      },
      result: (result) => {
        setStatus('');
        setShown([{ view: FIRST_VIEW, args: args.current, result }]);
      },
      cancelled: () => setStatus('The call was cancelled: there is nothing to show.'),
    });
  }, []);
  // What a button brought is read from its beginning.
  useEffect(() => {
    if (shown.length > 1) top.current?.focus();
  }, [shown]);

  const open = async (call: ToolCall) => {
    setStatus(`Asking the NAS: ${callLabel(call)}.`);
    try {
      const result = await bridge.current?.call(call);
      if (result !== undefined) {
        const view = VIEWS.find(({ tools }) => tools.includes(call.tool));
        setShown((before) => [...before, { view, args: call.args, result, call }]);
      }
      setStatus('');
    } catch (error) {
      setStatus(
        `The host did not make the call: ${error instanceof Error ? error.message : 'no reason given'}`,
      );
    }
  };
  const last = shown.at(-1);
  return (
    <main ref={top} tabIndex={-1}>
      {shown.length > 1 && (
        <nav>
          <button type="button" class="back" onClick={() => setShown(shown.slice(0, -1))}>
            Back
          </button>
          {last?.call !== undefined && <span class="quiet">{callLabel(last.call)}</span>}
        </nav>
      )}
      <p role="status" class="quiet">
        {status}
      </p>
      {last !== undefined && (
        <Answer
          tool={last.call?.tool ?? told.current}
          {...last}
          key={shown.length}
          open={mayCall ? (call) => void open(call) : undefined}
        />
      )}
    </main>
  );
}

render(<Page />, document.body);
