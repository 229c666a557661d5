/** `setup --remove`: undoes a set-up from its record, shown first. */
import { Problem } from '../../truenas/problem.ts';
import { signInAsAdministrator } from './administrator.ts';
import { isOnNas, tell } from './apply.ts';
import { SetupStopped } from './asker.ts';
import { CLIENT_NAMES, type ClientName, clientOf } from './clients/catalogue.ts';
import { planFile } from './clients/write.ts';
import { fileText } from './files.ts';
import { removeStored } from './key-store.ts';
import { nameOf, unmake } from './nas/unmake.ts';
import { keepNotes, type Made, type Notes, pathOf, type SetupRecord, writeRecord } from './record.ts';
import { removal, type Run } from './run.ts';
import { stillThere, whenStopped } from './stopped.ts';
import { expectedFingerprint, settleTrust } from './trust.ts';

/** Removes what the record names; the exit code is 0 when nothing of it is left. */
export async function removeSetup(run: Run): Promise<number> {
  const { places, name, earlier, asker } = run;
  if (earlier === undefined)
    throw new SetupStopped(`There is no set-up named ${name} here (${pathOf(places, name)}).`);
  const notes = keepNotes(places, name, earlier);
  const onNas = earlier.made.filter(isOnNas);
  asker.say(['This will be undone:', ...(await linesOf(earlier.made)).map((line) => `  ${line}`)].join('\n'));
  if (onNas.length > 0)
    asker.say(`On the NAS at ${new URL(earlier.url).host} an administrator signs in for it.`);
  if (!(await asker.confirm('Undo it?', true))) throw new SetupStopped('Nothing was undone.');
  const stopped = whenStopped(asker, () => stillThere(notes.made(), removal(name)));
  try {
    return await undo(run, earlier, notes);
  } finally {
    stopped();
  }
}

async function undo(run: Run, earlier: SetupRecord, notes: Notes): Promise<number> {
  const { places, name, asker } = run;
  // The clients first: what they start must not fail for want of a key.
  const isHereGone = await removeHere(earlier.made, notes, run);
  const isNasClean = !earlier.made.some(isOnNas) || (await removeOnNas(run, notes));
  if (notes.made().length === 0) await writeRecord(places, name, undefined);
  const state = earlier.settings['TRUENAS_STATE_DIR'];
  if (state !== undefined) asker.say(`The journal and audit of changes stay in ${state}.`);
  asker.say(
    isHereGone && isNasClean
      ? 'All of it is undone.'
      : 'Not all of it is undone; run setup --remove again when that is mended.',
  );
  return isHereGone && isNasClean ? 0 : 1;
}

async function linesOf(made: readonly Made[]): Promise<string[]> {
  const lines = await Promise.all(
    made.map(async (each) => {
      if (isOnNas(each))
        return [`on the NAS: ${nameOf(each)}${each.id === undefined ? ' (if it was made)' : ''}`];
      if (each.kind === 'key-file') return [`the stored key ${each.path}`];
      if (each.kind === 'keychain') return [`the key ${each.entry} in the keychain`];
      const client = CLIENT_NAMES.find((name) => name === each.client);
      if (client === undefined) return [];
      return [`${clientOf(client).title}, ${each.path}:`, ...(await diffOf(each.path, client, each.entry))];
    }),
  );
  return lines.flat();
}

async function diffOf(path: string, client: ClientName, entry: string): Promise<string[]> {
  try {
    const { diff } = await planFile(path, clientOf(client), entry, undefined);
    return diff.length === 0 ? ['  has no such entry any more'] : diff.map((line) => `  ${line}`);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return [`  ${error.summary}`];
  }
}

async function removeHere(made: readonly Made[], notes: Notes, { asker, keychain }: Run): Promise<boolean> {
  let isDone = true;
  for (const each of made) {
    if (isOnNas(each)) continue;
    try {
      if (each.kind === 'client') {
        const client = CLIENT_NAMES.find((name) => name === each.client);
        if (client !== undefined) {
          const change = await planFile(each.path, clientOf(client), each.entry, undefined);
          const backup = await change.apply();
          if (backup !== undefined) asker.say(`Taken out of ${each.path}; the file as it was: ${backup}.`);
        }
      } else await removeStored(each, keychain);
      await notes.forget(each);
    } catch (error) {
      isDone = false;
      asker.say(`LEFT on this computer: ${error instanceof Problem ? error.summary : String(error)}`);
    }
  }
  return isDone;
}

async function removeOnNas({ options, env, earlier, asker, timings }: Run, notes: Notes): Promise<boolean> {
  if (earlier === undefined) return true;
  const ca = options['ca-file'] ?? earlier.settings['TRUENAS_CA_FILE'];
  const trust = await settleTrust(
    earlier.url,
    {
      ...expectedFingerprint(options['tls-fingerprint'], earlier),
      ca: ca === undefined ? undefined : { path: ca, pem: fileText(ca, '--ca-file') },
    },
    asker,
  );
  const source = { name: options.admin, passwordFile: options['admin-password-file'], env };
  const session = await signInAsAdministrator({ url: earlier.url, tls: trust.tls, timings }, source, asker);
  try {
    const result = await unmake(session, earlier.made.filter(isOnNas), notes);
    tell(result, asker);
    return result.left.length === 0;
  } finally {
    await session.close();
  }
}
