/** The key that the server shall use: that of an earlier set-up, one that is given, or a new one. */
import { API_KEYS_PLACE } from '../../truenas/api-key.ts';
import { isTrueNasError } from '../../truenas/index.ts';
import { Problem } from '../../truenas/problem.ts';
import { signInAsAdministrator } from './administrator.ts';
import { type Allowed, type FoundNas, keyNameHere } from './answers.ts';
import { isOnNas, makeAndStore, noLongerNeeded } from './apply.ts';
import { SetupStopped } from './asker.ts';
import { secretText } from './files.ts';
import { excessRoles, type KeyToTry, tryKey } from './key-check.ts';
import { chooseStore, storedKey, storeSettings, writeKeyStore } from './key-store.ts';
import { lookAtAccount } from './nas/look.ts';
import { stepsOf } from './nas/make.ts';
import { nameOf } from './nas/unmake.ts';
import { rolesToRead, rolesToWrite } from './nas/roles.ts';
import type { Notes } from './record.ts';
import type { Run } from './run.ts';

/** A key that is to be used, and what must be done for it. */
export interface ChosenKey {
  readonly settings: Readonly<Record<string, string>>;
  readonly steps: readonly string[];
  make(notes: Notes): Promise<void>;
  close(): Promise<void>;
}

/** The key of an earlier set-up, one that is given, or a new one. @throws Problem */
export async function chooseKey(run: Run, nas: FoundNas, allowed: Allowed): Promise<ChosenKey> {
  const { options, asker } = run;
  const known =
    options['new-key'] === true || options['api-key-file'] !== undefined
      ? undefined
      : await keyOfBefore(run, nas, allowed);
  if (known !== undefined) return known;
  const isGiven =
    options['api-key-file'] !== undefined ||
    (options.admin === undefined &&
      !asker.isUnattended &&
      (await asker.choice({
        message: 'Which key shall the server use?',
        choices: [
          {
            value: 'made',
            label: 'A new one',
            hint: 'sign in once; a user with the fewest roles is made for it',
          },
          { value: 'given', label: 'One that I have', hint: 'nothing is made on the NAS' },
        ],
        initial: 'made' as 'made' | 'given',
      })) === 'given');
  return isGiven ? givenKey(run, nas, allowed) : newKey(run, nas, allowed);
}

/** The key of an earlier set-up, where it still works and suffices: then nobody need sign in. */
async function keyOfBefore(run: Run, nas: FoundNas, allowed: Allowed): Promise<ChosenKey | undefined> {
  const { earlier, asker, options, keychain } = run;
  const username = earlier?.settings['TRUENAS_USERNAME'];
  const apiKey = await storedKey(earlier?.settings ?? {}, keychain);
  if (earlier === undefined || apiKey === undefined || username === undefined) return undefined;
  const hasWriteKey = earlier.settings['TRUENAS_WRITE_API_KEY_FILE'] !== undefined;
  if (hasWriteKey !== wantsWriteKey(run, allowed)) return undefined;
  try {
    const key = { apiKey, username };
    const { lacking } = await tryKey(nas, key, allowed);
    if (lacking.some((role) => options.narrow !== true || role !== 'READONLY_ADMIN')) {
      asker.say(`The key of the earlier set-up works, but lacks ${lacking.join(', ')}.`);
      return undefined;
    }
    if (hasWriteKey && !(await isWriteKeyRight(run, nas, allowed))) return undefined;
    asker.say('The key of the earlier set-up works and suffices: it is used again.');
    return {
      settings: { TRUENAS_USERNAME: username, ...storeSettings(earlier.settings) },
      steps: [],
      make: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    asker.say(`The key of the earlier set-up cannot be used: ${error.summary}`);
    return undefined;
  }
}

/** A key that changes must not outlive the access that it was made for: with less access its roles become fewer. */
async function isWriteKeyRight(
  { earlier, asker, options }: Run,
  nas: FoundNas,
  allowed: Allowed,
): Promise<boolean> {
  const { TRUENAS_WRITE_API_KEY_FILE: path = '', TRUENAS_WRITE_USERNAME: username } = earlier?.settings ?? {};
  const apiKey = await storedKey({ TRUENAS_API_KEY_FILE: path }, undefined);
  if (apiKey === undefined) {
    asker.say(`The key for changes of the earlier set-up cannot be read from ${path}.`);
    return false;
  }
  const excess = await excessRoles(nas, { apiKey, username }, allowed, options.narrow === true);
  if (excess.length > 0)
    asker.say(
      `The key for changes of the earlier set-up may do more than is asked for now (${excess.join(', ')}): its roles are narrowed, and an administrator signs in for it.`,
    );
  return excess.length === 0;
}

async function givenKey(run: Run, nas: FoundNas, allowed: Allowed): Promise<ChosenKey> {
  const { options, asker, places, name, keychain } = run;
  const file = options['api-key-file'];
  const apiKey =
    file === undefined
      ? await asker.secret({ message: 'API key', flag: '--api-key-file' })
      : secretText(file, '--api-key-file', 'key', asker).trim();
  const username = options.username ?? (await asker.text({ message: 'User of the key', flag: '--username' }));
  const key: KeyToTry = { apiKey, username };
  const tried = await tryKey(nas, key, allowed);
  asker.say(`The key works: signed in as ${tried.username}.`);
  if (tried.roles.includes('FULL_ADMIN'))
    asker.say(
      'It is the key of a full administrator: whoever gets at it can do everything. Better let setup make one.',
    );
  if (tried.lacking.length > 0)
    asker.say(`It lacks roles; some answers will be partial: ${tried.lacking.join(', ')}.`);
  const store = chooseStore(places, name, { wanted: options.store, keychain });
  const unused = (run.earlier?.made ?? []).filter(isOnNas).map(nameOf);
  if (unused.length > 0)
    asker.say(
      `What an earlier set-up made on the NAS is not used any more and stays there, its key valid: ${unused.join(', ')}. Delete it in the web interface, or undo that set-up first: truenas-mcp setup --remove`,
    );
  return {
    settings: { TRUENAS_USERNAME: username, ...store.settings },
    steps: [`store the key in ${store.where}`],
    make: (notes) => store.store(apiKey, notes),
    close: () => Promise.resolve(),
  };
}

const DAY_MS = 86_400_000;

async function newKey(run: Run, nas: FoundNas, allowed: Allowed): Promise<ChosenKey> {
  const { options, asker, places, name, env, keychain } = run;
  const days =
    options['key-days'] ??
    Number(
      await asker.text({
        message: 'How many days shall the key live? (0: without an end)',
        flag: '--key-days',
        initial: '365',
        check: (text) => (/^\d{1,4}$/.test(text) ? undefined : 'must be a number of days'),
      }),
    );
  // A keychain that is wanted and does not work is told of before anybody types a password.
  const store = chooseStore(places, name, { wanted: options.store, keychain });
  const source = { name: options.admin, passwordFile: options['admin-password-file'], env };
  const session = await signInAsAdministrator(nas, source, asker).catch((error: unknown) => {
    throw isTrueNasError(error) && error.kind === 'not-authorized' ? madeByHand(error) : error;
  });
  try {
    const { roles, without } = await rolesToRead(session.read, allowed, options.narrow === true);
    if (without.length > 0) asker.say(`Without READONLY_ADMIN the tools cannot read ${without.join(', ')}.`);
    const endsAt = days === 0 ? undefined : new Date(Date.now() + days * DAY_MS);
    const user = options.user ?? 'truenas-mcp';
    const accounts = [
      {
        wanted: { name: user, roles, key: { name: keyNameHere(), endsAt } },
        store,
      },
    ];
    if (wantsWriteKey(run, allowed))
      accounts.push({
        wanted: {
          name: `${user}-writer`,
          roles: await rolesToWrite(session.read, allowed, roles),
          key: { name: `${keyNameHere()}, writing`, endsAt },
        },
        store: writeKeyStore(places, name),
      });
    const found = await Promise.all(
      accounts.map(async (each) => ({ ...each, state: await lookAtAccount(session.read, each.wanted) })),
    );
    const obstacles = found.flatMap(({ state }) => state.obstacles);
    if (obstacles.length > 0)
      throw new SetupStopped(
        `${obstacles.join(' ')} Nothing was made.`,
        'Give another name with --user, or mend it on the NAS.',
      );
    const writer = accounts[1];
    return {
      settings: {
        TRUENAS_USERNAME: user,
        ...accounts[0]?.store.settings,
        ...(writer === undefined
          ? {}
          : { TRUENAS_WRITE_USERNAME: writer.wanted.name, ...writer.store.settings }),
      },
      steps: [
        ...found.flatMap(({ wanted, state, store }) => [
          ...stepsOf(wanted, state).map((step) => `on the NAS: ${step}`),
          `store the key in ${store.where}`,
        ]),
        ...noLongerNeeded(run.earlier?.made ?? [], accounts).map(
          (made) =>
            `on the NAS: ${made.kind === 'roles' ? 'restore' : 'delete'} ${nameOf(made)}, which is not needed any more`,
        ),
      ],
      make: (notes) => makeAndStore(session, found, { nas, granted: allowed, notes, asker, keychain }),
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Where it was asked for, now or by the earlier run. At access read nothing is changed. */
function wantsWriteKey({ options, earlier }: Run, { access }: Allowed): boolean {
  const hadOne = earlier?.settings['TRUENAS_WRITE_API_KEY_FILE'] !== undefined;
  return access !== 'read' && (options['write-key'] === true || hadOne);
}

/** A NAS on which this program makes nothing: one before TrueNAS 25.04. */
function madeByHand({ summary }: Problem): SetupStopped {
  return new SetupStopped(
    summary,
    `Make a key in its web interface (${API_KEYS_PLACE}), and give it with --api-key-file.`,
  );
}
