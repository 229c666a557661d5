/** A state of a view that is looked at in a browser: the tool is called on a simulated NAS, or answers what the case says. */
import type { WorldName } from 'truenas-simulator';
import type { ViewName } from '../../../src/tools/view-names.ts';

/** One state. */
export interface ViewCase {
  readonly view: ViewName;
  /** In a word or two; names the picture in docs/pictures. */
  readonly state: string;
  readonly tool: string;
  readonly args?: Readonly<Record<string, unknown>>;
  /** The simulated NAS that is asked; `mixed` when absent. */
  readonly world?: WorldName;
  /** In place of the server's answer: for what no simulated NAS shows. */
  readonly answer?: {
    readonly text: string;
    readonly data: Readonly<Record<string, unknown>>;
    readonly isError?: true;
    /** What the tool adds for the view alone. */
    readonly viewData?: Readonly<Record<string, unknown>>;
  };
  /** What a screen reader is told, somewhere in the page. */
  readonly tells: readonly (string | RegExp)[];
  /** What must not be in it. */
  readonly tellsNot?: readonly (string | RegExp)[];
  /** Kept as a picture for the documentation: light and wide, or dark and narrow as well. */
  readonly picture?: { readonly isInEveryForm?: true };
}

/** A name that would take over a page that set it as markup. */
export const HOSTILE_NAME = '<img src=x onerror="globalThis.owned=1"><script>globalThis.owned=1</script>';
