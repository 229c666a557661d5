/** Things that search_api finds before API methods: tools, listed or not, and whatever else a name and a few words describe. */
import type { AccessLevel } from '../../policy/levels.ts';

/** One thing to find. */
export interface Findable {
  /** Name of a tool; what a model reads first. */
  readonly name: string;
  /** Its title and what it is for; looked through, not shown. */
  readonly about: string;
  /** Other words that people use for it. */
  readonly words?: string;
  /** The way to call it: `hold_snapshot`, `plan_change {"tool":"hold_snapshot","arguments":{…}}`. */
  readonly call: string;
  /** Its arguments in one line, where no list shows them. */
  readonly takes?: string;
  readonly access: AccessLevel;
  /** The setting that keeps it from this server's clients: `access manage`, `toolset sharing`. Absent: it can be called. */
  readonly needs?: string;
}
