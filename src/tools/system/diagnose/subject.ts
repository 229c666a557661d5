/** What can be diagnosed, and what a diagnosis consists of. */
import type { Finding } from '../../../findings/finding.ts';
import type { ReadClient } from '../../../truenas/client.ts';

/** Kinds of things that do not work. */
export const SUBJECT_KINDS = [
  'pool',
  'disk',
  'share',
  'app',
  'replication',
  'task',
  'network',
  'certificate',
  'alert',
] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];

/** What was found out about a thing. */
export interface Diagnosis {
  /** The thing and its state, in a few words; safe text. */
  readonly headline: string;
  /** Causes; a cause comes before what follows from it. */
  readonly findings: readonly Finding[];
  /** What could not be read or judged; safe text. */
  readonly unjudged: readonly string[];
  /** Facts that help and are no trouble; safe text. */
  readonly lines: readonly string[];
}

/** The NAS to look at, and its time. */
export interface SubjectContext {
  readonly nas: ReadClient;
  /** The clock of the NAS, in milliseconds since the epoch. */
  readonly nowMs: number;
}

/** How one kind of things is diagnosed. */
export interface Subject {
  readonly uses: readonly string[];
  /** True where a look without a name is of use. */
  readonly isNameOptional?: true;
  /** @throws InputProblem for a name that names nothing, TrueNasError when the thing itself cannot be read */
  diagnose(context: SubjectContext, name: string): Promise<Diagnosis>;
}

/** `text` as a list of one, or none. */
export function some(text: string | undefined | false): string[] {
  return text === undefined || text === false ? [] : [text];
}
