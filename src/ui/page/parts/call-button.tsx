/** A button that asks the NAS something; where the host passes no calls on, the call as text. */
import type { ToolCall } from '../bridge.ts';
import type { Drawing } from '../view.ts';

/** What a person reads on the button: the tool, and what it is asked about. */
export function callLabel({ tool, args }: ToolCall): string {
  const values = Object.values(args).map((value) =>
    typeof value === 'string' ? value : JSON.stringify(value),
  );
  return [tool.replaceAll('_', ' '), ...values].join(' ');
}

/** The button. */
export function CallButton({
  call,
  open,
  label = callLabel(call),
}: {
  readonly call: ToolCall;
  readonly open: Drawing['open'];
  readonly label?: string;
}) {
  if (open === undefined) return <span class="next">Ask for: {label}</span>;
  return (
    <button type="button" class="next" onClick={() => open(call)}>
      {label}
    </button>
  );
}
