/** A button that asks the NAS something; where the host passes no calls on, the call as text. */
import type { ToolCall } from '../bridge.ts';
import type { Drawing } from '../view.ts';

/** What a person reads on the button: `Pool tank` of get_pool, `Datasets locked` of list_datasets with `locked: true`. */
export function callLabel({ tool, args }: ToolCall): string {
  const words = [
    tool.replace(/^(?:get|list)_/u, '').replaceAll('_', ' '),
    ...Object.entries(args).map(([name, value]) => wordOf(name, value)),
  ].join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function wordOf(name: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? name : `not ${name}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
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
