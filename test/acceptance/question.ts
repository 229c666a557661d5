/** What people ask of a NAS, what a scripted assistant calls to answer it, and what must come of that. */
import type { SimulatedRelease, WorldName } from 'truenas-simulator';

/** A tool and its arguments. */
export type Call = readonly [tool: string, args?: Readonly<Record<string, unknown>>];

/** A fact: a text that stands in the answers, or a pattern. */
export type Fact = string | RegExp;

interface Asked {
  /** Number of the question. */
  readonly id: number;
  readonly asked: string;
  readonly world: WorldName;
  /** What is not answered yet, and what it waits for; then it is on the page as not answered. */
  readonly todo?: string;
}

/** A question that is answered by reading: within three calls and 1,500 tokens for all answers together. */
export interface Question extends Asked {
  /** The release, where the question is about one. */
  readonly release?: SimulatedRelease;
  readonly calls: readonly Call[];
  readonly holds: readonly Fact[];
  readonly lacks?: readonly Fact[];
}

/** A task: a plan that says what a person has to know, applied on the simulated NAS, and looked at afterwards. */
export interface Task extends Asked {
  /** Change tools in order; each plan is applied before the next is made, save for one that is only planned. */
  readonly changes: readonly Call[];
  /** What the previews say. */
  readonly preview: readonly Fact[];
  /** True where the rest takes a person: a passphrase, a disk in the hand. */
  readonly isOnlyPlanned?: boolean;
  /** True where the NAS restarts in the end: the look waits until it answers again. */
  readonly restarts?: true;
  /** A look at what came of it. */
  readonly after?: { readonly call: Call; readonly holds: readonly Fact[] };
}
