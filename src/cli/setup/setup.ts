/**
 * `truenas-mcp setup`: from nothing to a client that can ask. Everything is asked and shown first, then done; a certificate
 * that nobody confirmed, and a plan that nobody agreed to, end it with nothing made.
 */
import { createRedactor } from '../../output/redact/redactor.ts';
import { Problem } from '../../truenas/problem.ts';
import type { Timings } from '../../truenas/connection/timings.ts';
import type { Launch } from '../client-snippets.ts';
import { doctor } from '../doctor/doctor.ts';
import { usageError } from '../usage.ts';
import { signInAsAdministrator } from './administrator.ts';
import {
  type Allowed,
  askAllowed,
  askClients,
  fileText,
  findNas,
  type FoundNas,
  keyNameHere,
} from './answers.ts';
import { makeAndStore } from './apply.ts';
import { type Asker, SetupStopped, unattendedAsker } from './asker.ts';
import type { ServerEntry } from './clients/catalogue.ts';
import { clientLines, planClients, snippetOf, writeClients } from './clients/plan.ts';
import { type KeyToTry, tryKey } from './key-check.ts';
import { keyFileOf, storeInFile } from './key-store.ts';
import { launchOf } from './launch.ts';
import { lookAtAccount, type WantedAccount } from './nas/look.ts';
import { stepsOf } from './nas/make.ts';
import { rolesToRead } from './nas/roles.ts';
import { readOptions } from './options.ts';
import { placesOf } from './places.ts';
import { keepNotes, type Notes, readRecord, writeRecord } from './record.ts';
import { removeSetup } from './remove.ts';
import type { Run } from './run.ts';

/** For tests. */
export interface SetupOptions {
  /** Takes what goes to stdout. */
  readonly print?: (text: string) => unknown;
  /** The person at a terminal. */
  readonly asker?: Asker;
  /** Shorter waiting times. */
  readonly timings?: Partial<Timings>;
  readonly launch?: Launch;
}

/** Runs it; exit code 0 when all is set up (or removed), 1 when not, 2 for a command line that makes no sense. */
export async function setup(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  {
    print = (text) => process.stdout.write(text),
    asker,
    timings = {},
    launch = launchOf(),
  }: SetupOptions = {},
): Promise<number> {
  const { options, errors } = readOptions(argv);
  if (errors.length > 0) return usageError('setup', errors);
  const person = asker ?? (options.yes === true ? unattendedAsker(print) : await personHere());
  if (person === undefined)
    return usageError('setup', ['setup asks questions: run it in a terminal, or give --yes and flags.']);
  const places = placesOf(env);
  const name = options.name ?? 'truenas';
  try {
    const run = {
      options,
      env,
      places,
      name,
      earlier: await readRecord(places, name),
      asker: person,
      timings,
    };
    return options.remove === true ? await removeSetup(run) : await setUp(run, launch);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const said =
      'nasText' in error && typeof error.nasText === 'string'
        ? ` The NAS says: ${JSON.stringify(error.nasText)}.`
        : '';
    person.say(createRedactor({ ownSecrets: [] }).text(`${error.summary}${said} ${error.nextStep}`.trim()));
    return 1;
  }
}

async function personHere(): Promise<Asker | undefined> {
  const { stdin: input, stdout: output } = process;
  return input.isTTY && output.isTTY
    ? (await import('./terminal-asker.ts')).terminalAsker({ input, output })
    : undefined;
}

async function setUp(run: Run, launch: Launch): Promise<number> {
  const { options, places, name, earlier, asker } = run;
  const nas = { ...(await findNas(options, earlier, asker)), timings: run.timings };
  const allowed = await askAllowed(options, places, asker);
  const clients = await askClients(options, places, asker);
  const key = await chooseKey(run, nas, allowed);
  const server: ServerEntry = {
    name,
    launch,
    env: { ...nas.settings, ...key.settings, ...allowed.settings },
  };
  try {
    const changes = await planClients(clients, server, places, options['client-config']);
    const lines = [...key.steps, ...clientLines(changes)];
    if (lines.length > 0) asker.say(['This will be done:', ...lines.map((line) => `  ${line}`)].join('\n'));
    if (!(await asker.confirm('Do it?', true))) throw new SetupStopped('Nothing was done.');
    const notes = keepNotes(places, name, {
      version: 1,
      url: nas.url,
      settings: { ...server.env },
      made: earlier?.made ?? [],
    });
    await key.make(notes);
    const isWritten = await writeClients(changes, server, notes, asker);
    await writeRecord(places, name, {
      version: 1,
      url: nas.url,
      settings: { ...server.env },
      made: [...notes.made()],
    });
    if (clients.length === 0)
      asker.say(`Put this into your MCP client:\n\n${await snippetOf('claude-desktop', server)}\n`);
    asker.say(`To undo all of it: truenas-mcp setup --remove${name === 'truenas' ? '' : ` --name ${name}`}`);
    return (await checked(server, run, options.narrow === true)) && isWritten ? 0 : 1;
  } finally {
    await key.close();
  }
}

/** A key that is to be used, and what must be done for it. */
interface ChosenKey {
  readonly settings: Readonly<Record<string, string>>;
  readonly steps: readonly string[];
  make(notes: Notes): Promise<void>;
  close(): Promise<void>;
}

async function chooseKey(run: Run, nas: FoundNas, allowed: Allowed): Promise<ChosenKey> {
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
async function keyOfBefore(
  { earlier, asker, options }: Run,
  nas: FoundNas,
  allowed: Allowed,
): Promise<ChosenKey | undefined> {
  const path = earlier?.settings['TRUENAS_API_KEY_FILE'];
  const username = earlier?.settings['TRUENAS_USERNAME'];
  if (path === undefined || username === undefined) return undefined;
  try {
    const key = { apiKey: fileText(path, 'the stored key').trim(), username };
    const { lacking } = await tryKey(nas, key, allowed);
    if (lacking.some((role) => options.narrow !== true || role !== 'READONLY_ADMIN')) {
      asker.say(`The key of the earlier set-up works, but lacks ${lacking.join(', ')}.`);
      return undefined;
    }
    asker.say('The key of the earlier set-up works and suffices: it is used again.');
    return {
      settings: { TRUENAS_USERNAME: username, TRUENAS_API_KEY_FILE: path },
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

async function givenKey(run: Run, nas: FoundNas, allowed: Allowed): Promise<ChosenKey> {
  const { options, asker, places, name } = run;
  const file = options['api-key-file'];
  const apiKey =
    file === undefined
      ? await asker.secret({ message: 'API key', flag: '--api-key-file' })
      : fileText(file, '--api-key-file').trim();
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
  const path = keyFileOf(places, name);
  return {
    settings: { TRUENAS_USERNAME: username, TRUENAS_API_KEY_FILE: path },
    steps: [`store the key in ${path}, which only you can read`],
    make: async (notes) => void (await storeInFile(path, apiKey, notes)),
    close: () => Promise.resolve(),
  };
}

const DAY_MS = 86_400_000;

async function newKey(run: Run, nas: FoundNas, allowed: Allowed): Promise<ChosenKey> {
  const { options, asker, places, name, env } = run;
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
  const source = { name: options.admin, passwordFile: options['admin-password-file'], env };
  const session = await signInAsAdministrator(nas, source, asker);
  try {
    const { roles, without } = await rolesToRead(session.read, allowed, options.narrow === true);
    if (without.length > 0) asker.say(`Without READONLY_ADMIN the tools cannot read ${without.join(', ')}.`);
    const wanted: WantedAccount = {
      name: options.user ?? 'truenas-mcp',
      roles,
      key: { name: keyNameHere(), endsAt: days === 0 ? undefined : new Date(Date.now() + days * DAY_MS) },
    };
    const state = await lookAtAccount(session.read, wanted);
    if (state.obstacles.length > 0)
      throw new SetupStopped(
        `${state.obstacles.join(' ')} Nothing was made.`,
        'Give another name with --user, or mend it on the NAS.',
      );
    const path = keyFileOf(places, name);
    return {
      settings: { TRUENAS_USERNAME: wanted.name, TRUENAS_API_KEY_FILE: path },
      steps: [
        ...stepsOf(wanted, state).map((step) => `on the NAS: ${step}`),
        `store the key in ${path}, which only you can read`,
      ],
      async make(notes) {
        const store = (apiKey: string) => storeInFile(path, apiKey, notes);
        await makeAndStore(session, wanted, state, { nas, granted: allowed, notes, store, asker });
      },
      close: () => session.close(),
    };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Runs doctor with the very settings of the client. */
async function checked({ env }: ServerEntry, { asker, timings }: Run, isNarrow: boolean): Promise<boolean> {
  const print = (text: string) => asker.say(text.trimEnd());
  const code = await doctor([], env, { print, timings });
  // Fewer roles than the tools read with are what was asked for.
  return code === 0 || isNarrow;
}
