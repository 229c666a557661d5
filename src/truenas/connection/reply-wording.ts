/** The errors of the NAS in words for a person: what happened, and the next step. */
import type { FieldProblem, TrueNasErrorKind } from '../errors.ts';

/** An error object of the NAS, as far as it was understood. */
export interface ErrorFacts {
  readonly code: number;
  /** The NAS ran the method, and could not send its result. */
  readonly isUnsendable: boolean;
  /** The column that a query was to sort or filter by, and does not have. */
  readonly column: string | undefined;
  readonly errno: number | undefined;
  readonly errname: string | undefined;
  readonly text: string | undefined;
  readonly fields: readonly FieldProblem[] | undefined;
  readonly fieldErrnos: readonly number[];
}

/** Words an error; `isSessionGone` when the session had ended. */
export function wordingOf(
  kind: TrueNasErrorKind,
  facts: ErrorFacts,
  method: string,
  isSessionGone: boolean,
): { summary: string; nextStep: string } {
  const said = facts.text === undefined ? '' : `: ${firstLine(facts.text)}`;
  switch (kind) {
    case 'busy':
      return {
        summary: `The NAS takes no more calls at the moment${said}`,
        nextStep: 'Wait a little and try again.',
      };
    case 'method-missing':
      return {
        summary: `This TrueNAS has no method ${method}.`,
        nextStep: 'It belongs to another release of TrueNAS; look for the method that replaces it.',
      };
    case 'not-found':
      return {
        summary:
          facts.fields?.[0] === undefined
            ? `Not found by ${method}${said}`
            : `${firstLine(placed(facts.fields[0]))} (${method}).`,
        nextStep: 'Check the name or id; list what exists first.',
      };
    case 'validation':
      if (facts.column !== undefined) {
        return {
          summary: `${method} cannot sort or filter by '${facts.column}': it has no such column.`,
          nextStep: 'Use a column that its rows have, as its answer without sorting shows them.',
        };
      }
      return {
        summary: `The NAS refused the arguments of ${method}${fieldList(facts.fields) || said}`,
        nextStep: 'Correct the named fields and call again; nothing was changed.',
      };
    case 'not-authorized':
      if (isSessionGone) {
        return {
          summary: `The session had ended, and ${method} was refused; nothing was changed.`,
          nextStep: 'Call again: the program signs in anew.',
        };
      }
      return {
        summary: `The account may not call ${method}${said}`,
        nextStep: 'Give the user of this API key a role that grants it, or use another key.',
      };
    case 'protocol':
      if (facts.isUnsendable) {
        return {
          summary: `The NAS ran ${method}, but could not send its result${said}`,
          nextStep: 'Ask for less of it (select), and report it to TrueNAS: it is a fault of the NAS.',
        };
      }
      return {
        summary: `The NAS did not understand the message for ${method}${said}`,
        nextStep: 'This is a fault of the program or of something between it and the NAS; please report it.',
      };
    default:
      return {
        summary: `${method} failed on the NAS${said}`,
        nextStep: 'Read what the NAS says; correct the cause there and try again.',
      };
  }
}

function fieldList(fields: readonly FieldProblem[] | undefined): string {
  if (fields === undefined) return '';
  const shown = fields.slice(0, 3).map(placed);
  const more = fields.length > 3 ? ` (and ${fields.length - 3} more)` : '';
  return `: ${shown.map(firstLine).join('; ')}${more}`;
}

function placed({ path, message }: FieldProblem): string {
  return path === '' ? message : `${path}: ${message}`;
}

/** The whole line: half a secret would not be recognised, so texts are shortened only after secrets were taken out. */
function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
