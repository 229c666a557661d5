/** Facts on a folder: the ways to it, and the person who is asked about. */
import type { PathFacts, ShareEntryFacts, Who } from './permitted.ts';

/** The person that the question is about. */
export interface Person {
  /** Safe text. */
  readonly label: string;
  /** As a tool takes it: a name, or a number. */
  readonly argument: string;
  readonly who: Who;
  /** Undefined where it is no account of the NAS, null where the NAS does not say. */
  readonly isSmb: boolean | null | undefined;
  readonly isLocked: boolean | null | undefined;
}

/** A share that leads to the folder. */
export interface Way {
  readonly kind: 'smb' | 'nfs';
  /** `SMB media`, as safe text. */
  readonly label: string;
  /** As `update_share` takes it. */
  readonly argument: string;
  readonly isEnabled: boolean | null;
  readonly isReadonly: boolean | null;
  readonly service: { readonly name: string; readonly state: string | null };
  /** SMB: its list; undefined where it could not be read. Always undefined for NFS. */
  readonly entries: readonly ShareEntryFacts[] | undefined;
  /** NFS: who the person is there, after maproot and mapall; undefined where it is not known. */
  readonly asPerson?: Person | undefined;
}

/** A folder, and the ways to it. */
export interface AccessFacts {
  /** As the NAS has it. */
  readonly path: string;
  readonly dataset: string | undefined;
  readonly isLocked: boolean | null;
  readonly isReadonly: boolean | null;
  /** Folders above it, from the pool down; one that could not be read is undefined. */
  readonly above: readonly (PathFacts | undefined)[];
  readonly own: PathFacts | undefined;
  readonly ways: readonly Way[];
  readonly person: Person | undefined;
}
