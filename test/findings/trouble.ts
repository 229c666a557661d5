/** Each kind of finding with a NAS that has exactly that trouble, and one that has not. */
import type { ReadClient, WireValue } from '../../src/truenas/client.ts';
import type { ChangeNas } from '../changes/support/change-nas.ts';

/** How a kind of finding comes about. */
export interface Trouble {
  readonly id: string;
  /** The tool that finds it, and its arguments. */
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Makes the trouble on the simulated NAS, as a person would; absent: it has it from the start. */
  readonly make?: (nas: ChangeNas) => Promise<unknown>;
  /** The NAS answers so: for troubles that a simulated NAS cannot have. */
  readonly answers?: (method: string, answer: WireValue) => WireValue;
  /** Arguments by which the same NAS does not have it; absent: it has it not before `make` or `answers`. */
  readonly without?: Readonly<Record<string, unknown>>;
  /** Releases, where not all have it. */
  readonly on?: readonly ('25.04' | '25.10' | '27.0')[];
}

/** The same NAS with other answers. */
export function answering(nas: ReadClient, { answers }: Trouble): ReadClient {
  if (answers === undefined) return nas;
  return {
    ...nas,
    origin: undefined,
    call: async (method, params, options) => answers(method, await nas.call(method, params, options)),
  };
}

/** The rows of one method, changed. */
export function rowsOf(
  method: string,
  change: (row: Record<string, WireValue>) => Record<string, WireValue>,
): (asked: string, answer: WireValue) => WireValue {
  return (asked, answer) =>
    asked === method && Array.isArray(answer)
      ? answer.map((row) =>
          row !== null && typeof row === 'object' && !Array.isArray(row) && !(row instanceof Date)
            ? change(row)
            : row,
        )
      : answer;
}

/** The answer of one method that is an object, changed. */
export function withFields(
  method: string,
  more: Record<string, WireValue>,
): (asked: string, answer: WireValue) => WireValue {
  return (asked, answer) =>
    asked === method && answer !== null && typeof answer === 'object' && !Array.isArray(answer)
      ? { ...(answer as Record<string, WireValue>), ...more }
      : answer;
}
