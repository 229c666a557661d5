/** What making a dataset and making a volume have in common: the place, its parents, its encryption, and the undo. */
import type { Target, UndoCall } from '../../changes/change.ts';
import type { KnownTargets } from '../../changes/joined.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { datasetThing, isMadeEarlier, newTarget } from '../support/targets.ts';
import { gapText, readPart } from '../support/part.ts';
import { type DatasetFacts, findDataset } from './dataset-facts.ts';
import { listed, sharesNaming } from './dataset-uses.ts';
import { unknownDataset } from './find.ts';

/** Where a new dataset goes. */
export interface Place {
  /** Facts of the nearest parent; undefined for one that an earlier step of the plan makes. */
  readonly parent: DatasetFacts | undefined;
  /** Parents that are made with it, the highest first. */
  readonly ancestors: readonly string[];
}

/** A part of a name as ZFS and TrueNAS take it. */
const PART = /^[a-zA-Z0-9][a-zA-Z0-9_.: -]*$/u;
const MAX_NAME = 200;

/** Complains about a name that no dataset can have. @throws InputProblem */
export function checkName(argument: string, name: string): void {
  const [pool = '', ...parts] = name.split('/');
  if (parts.length === 0)
    throw new InputProblem(
      argument,
      `${safeCell(name)} names a pool only`,
      `a dataset is e.g. ${safeCell(pool)}/photos`,
    );
  const odd = parts.find((part) => !PART.test(part) || part.endsWith(' '));
  if (odd !== undefined)
    throw new InputProblem(
      argument,
      `has a part that is no name: "${safeCell(odd)}"`,
      'Letters, digits and _ - . : are allowed, at the start a letter or digit.',
    );
  if (name.length > MAX_NAME) throw new InputProblem(argument, `is longer than ${MAX_NAME} characters`);
}

/**
 * The place for a new dataset.
 * @throws InputProblem when it cannot be made there
 */
export async function placeFor(
  nas: ReadClient,
  name: string,
  { known, mayMakeParents }: { readonly known: KnownTargets | undefined; readonly mayMakeParents: boolean },
  argument = 'dataset',
): Promise<Place> {
  checkName(argument, name);
  const ancestors: string[] = [];
  let parentName = parentOf(name);
  for (;;) {
    if (isMadeEarlier(known, `dataset ${parentName}`)) return { parent: undefined, ancestors };
    const parent = await findDataset(nas, parentName);
    if (parent !== undefined) {
      checkParent(parent, parentName, argument);
      return { parent, ancestors };
    }
    if (!mayMakeParents || !parentName.includes('/')) {
      const problem = await unknownDataset(nas, argument, parentName);
      throw new InputProblem(
        argument,
        `the parent ${safeCell(parentName)} does not exist`,
        `${problem.nextStep ?? ''} parents: true makes what is missing.`.trim(),
      );
    }
    ancestors.unshift(parentName);
    parentName = parentOf(parentName);
  }
}

function checkParent({ type, locked, readonly }: DatasetFacts, name: string, argument: string): void {
  if (type === 'VOLUME') throw new InputProblem(argument, `${name} is a volume: nothing can lie below it`);
  if (locked === true) throw new InputProblem(argument, `${name} is locked`, 'unlock_dataset comes first.');
  if (readonly?.value?.toUpperCase() === 'ON')
    throw new InputProblem(argument, `${name} is read-only: nothing can be made in it`);
}

/** `tank` for `tank/media`. */
export function parentOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

/** The parents that are made, and the thing itself with these values. */
export async function newTargets(
  nas: ReadClient,
  name: string,
  { ancestors }: Place,
  after: Readonly<Record<string, unknown>>,
): Promise<Target[]> {
  const argument = 'dataset';
  const parents = await Promise.all(
    ancestors.map((each) => newTarget(nas, datasetThing(each), 'present', { argument })),
  );
  return [...parents, await newTarget(nas, datasetThing(name), after, { argument })];
}

/** How the new dataset is encrypted, for a person. */
export function encryptionLine({ parent }: Place, name: string): string[] {
  if (parent === undefined) return ['It is encrypted if the dataset that it is made in is.'];
  if (parent.encrypted === null)
    return [`Whether ${name} is encrypted is unknown: the NAS does not tell for its parent.`];
  return parent.encrypted
    ? [
        `${name} is encrypted with the key of ${parent.encryption_root ?? 'its parent'}, and locked and unlocked with it.`,
      ]
    : [`${name} is not encrypted, as its parent is not; that cannot be changed later.`];
}

/** Takes the new datasets away again, the lowest first. */
export function removals(name: string, { ancestors }: Place): UndoCall[] {
  return [name, ...ancestors.toReversed()].map((each) => ({
    method: 'pool.dataset.delete',
    params: [each, { recursive: false, force: false }],
    purpose: `delete the dataset ${each}`,
    undoes: 0,
  }));
}

/** Shares that name the place already: whatever comes there is shared at once. Calls the queries of SMB and NFS shares. */
export async function waitingShareLines(nas: ReadClient, name: string): Promise<string[]> {
  const waiting = await readPart(nas, (limited) => sharesNaming(limited, name));
  if ('gap' in waiting) return [`Whether a share names /mnt/${name} already ${gapText(waiting) ?? ''}.`];
  return waiting.value.length === 0
    ? []
    : [`${listed(waiting.value)} names this place already: whatever is put there is shared at once.`];
}

/** Methods that {@link waitingShareLines} calls. */
export const WAITING_SHARES_READS = ['sharing.smb.query', 'sharing.nfs.query'] as const;
