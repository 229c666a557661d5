/** Does what was agreed to, and takes it back when a later step fails. */
import type { WriteSession } from '../../truenas/index.ts';
import type { Keychain } from '../../config/keychain.ts';
import { Problem } from '../../truenas/problem.ts';
import type { Granted } from '../../mcp/tool-registry.ts';
import type { TrustedNas } from './administrator.ts';
import { type Asker, SetupStopped } from './asker.ts';
import { type KeyToTry, tryKey } from './key-check.ts';
import { type KeyStore, removeStored } from './key-store.ts';
import type { AccountState, WantedAccount } from './nas/look.ts';
import { makeAccount } from './nas/make.ts';
import { nameOf, type Unmade, unmake } from './nas/unmake.ts';
import type { Made, MadeOnNas, Notes } from './record.ts';

/** All that making needs. */
export interface Making {
  readonly nas: TrustedNas;
  readonly granted: Granted;
  readonly notes: Notes;
  readonly keychain: Keychain | undefined;
  readonly asker: Asker;
}

/** One account that is to be, with what is there already, and the place of its key. */
export interface AccountToMake {
  readonly wanted: WantedAccount;
  readonly state: AccountState;
  readonly store: KeyStore;
}

/** True for things on the NAS. */
export function isOnNas(made: Made): made is MadeOnNas {
  return !['key-file', 'keychain', 'client'].includes(made.kind);
}

/**
 * Makes the accounts and their keys, tries each key, and stores it. Keys of an earlier set-up go once the new ones work.
 * @throws Problem with what is left, if anything is
 */
export async function makeAndStore(
  session: WriteSession,
  accounts: readonly AccountToMake[],
  making: Making,
): Promise<void> {
  const { notes, asker } = making;
  const before = notes.made();
  try {
    const ids: (number | undefined)[] = [];
    for (const { wanted, state, store } of accounts) {
      const { id, apiKey } = await makeAccount(session, wanted, state, notes);
      ids.push(id);
      asker.say(`Made on the NAS: the user ${wanted.name} and its key.`);
      await checkMade({ apiKey, username: wanted.name }, wanted, making);
      await store.store(apiKey, notes);
    }
    const old = notes.made().filter((made) => made.kind === 'key' && !ids.includes(made.id));
    const unneeded = [...noLongerNeeded(notes.made(), accounts), ...old.filter(isOnNas)];
    if (unneeded.length > 0) tell(await unmake(session, unneeded, notes), asker);
    await forgetOwnRoles(notes);
  } catch (error) {
    throw await undone(error, session, before, making);
  }
}

/** Users, groups and privileges of an earlier run that this one has no use for. */
export function noLongerNeeded(
  made: readonly Made[],
  accounts: readonly Pick<AccountToMake, 'wanted'>[],
): MadeOnNas[] {
  const names = new Set(accounts.map(({ wanted }) => wanted.name));
  return made.filter(isOnNas).filter((each) => each.kind !== 'key' && !names.has(each.name));
}

/** A privilege that goes whole when the set-up is undone must not be widened again on the way. */
async function forgetOwnRoles(notes: Notes): Promise<void> {
  const own = notes.made().flatMap((made) => (made.kind === 'privilege' ? [made.name] : []));
  for (const made of notes.made())
    if (made.kind === 'roles' && own.includes(made.name)) await notes.forget(made);
}

async function checkMade(
  key: KeyToTry,
  wanted: WantedAccount,
  { nas, granted, asker }: Making,
): Promise<void> {
  const tried = await tryKey(nas, key, granted);
  if (tried.username !== wanted.name)
    throw new SetupStopped(`The new key belongs to ${tried.username}, not to ${wanted.name}.`);
  const missing = wanted.roles.filter((role) => !tried.roles.includes(role));
  if (missing.length > 0 || tried.roles.includes('FULL_ADMIN'))
    throw new SetupStopped('The new key does not have the roles that were asked for.');
  asker.say('The key works: signed in with it.');
}

/** The error for the person: what failed, and what is left of what was made. */
async function undone(
  error: unknown,
  session: WriteSession,
  before: readonly Made[],
  { notes, asker, keychain }: Making,
): Promise<unknown> {
  if (!(error instanceof Problem)) return error;
  const made = notes.made().filter((each) => !before.includes(each));
  for (const each of made) {
    if (each.kind !== 'key-file' && each.kind !== 'keychain') continue;
    try {
      await removeStored(each, keychain);
      await notes.forget(each);
    } catch (failure) {
      // A keychain that takes no key seldom tells or removes one; what is on the NAS must go all the same.
      const why = failure instanceof Error ? failure.message : String(failure);
      asker.say(`LEFT on this computer, if it was stored: the new key (${why}).`);
    }
  }
  const onNas = made.filter(isOnNas);
  if (onNas.length === 0) return error;
  if (!session.isOpen())
    return new SetupStopped(`${error.summary} ${error.nextStep}`.trim(), leftBehind(onNas));
  asker.say(`${error.summary} Taking back what was made.`);
  const { left } = await unmake(session, onNas, notes);
  if (left.length === 0)
    return new SetupStopped(
      `${error.summary} ${error.nextStep}`.trim(),
      'What was made is taken back: nothing is left on the NAS.',
    );
  return new SetupStopped(
    error.summary,
    `Left on the NAS: ${left.join('; ')}. To undo it: truenas-mcp setup --remove`,
  );
}

function leftBehind(made: readonly MadeOnNas[]): string {
  const known = made.filter(({ id }) => id !== undefined).map(nameOf);
  const unknown = made.filter(({ id }) => id === undefined).map(nameOf);
  return [
    ...(known.length === 0 ? [] : [`Made, and left on the NAS: ${known.join(', ')}.`]),
    ...(unknown.length === 0 ? [] : [`Sent, and nobody knows whether it was made: ${unknown.join(', ')}.`]),
    'Run setup again, which uses what is there, or undo it: truenas-mcp setup --remove',
  ].join(' ');
}

/** Says what is gone and what stays. */
export function tell({ gone, left }: Unmade, asker: Asker): void {
  if (gone.length > 0) asker.say(`Gone from the NAS: ${gone.join(', ')}.`);
  for (const each of left) asker.say(`LEFT on the NAS: ${each}.`);
}
