/**
 * `truenas-mcp setup`: from nothing to a client that can ask. Everything is asked and shown first, then done; a certificate
 * that nobody confirmed, and a plan that nobody agreed to, end it with nothing made.
 */
import { createRedactor } from '../../output/redact/redactor.ts';
import { Problem } from '../../truenas/problem.ts';
import type { Timings } from '../../truenas/connection/timings.ts';
import { type Keychain, openKeychain } from '../../config/keychain.ts';
import type { Launch } from '../client-snippets.ts';
import { doctor } from '../doctor/doctor.ts';
import { usageError } from '../usage.ts';
import { askAllowed, askClients, findNas } from './answers.ts';
import { type Asker, SetupStopped, unattendedAsker } from './asker.ts';
import type { ServerEntry } from './clients/catalogue.ts';
import { clientLines, planClients, snippetOf, writeClients } from './clients/plan.ts';
import { chooseKey } from './key-choice.ts';
import { removeStored } from './key-store.ts';
import { launchOf } from './launch.ts';
import { readOptions } from './options.ts';
import { placesOf } from './places.ts';
import { keepNotes, type Notes, readRecord, writeRecord } from './record.ts';
import { removeSetup } from './remove.ts';
import { removal, type Run } from './run.ts';
import { madeSoFar, whenStopped } from './stopped.ts';

/** For tests. */
export interface SetupOptions {
  /** Takes what goes to stdout. */
  readonly print?: (text: string) => unknown;
  /** The person at a terminal. */
  readonly asker?: Asker;
  /** Shorter waiting times. */
  readonly timings?: Partial<Timings>;
  readonly launch?: Launch;
  /** In place of that of this computer; undefined: there is none. */
  readonly keychain?: Keychain | undefined;
}

/** Runs it; exit code 0 when all is set up (or removed), 1 when not, 2 for a command line that makes no sense. */
export async function setup(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  given: SetupOptions = {},
): Promise<number> {
  const { print = (text) => process.stdout.write(text), asker, timings = {}, launch = launchOf() } = given;
  const { options, errors } = readOptions(argv);
  if (errors.length > 0) return usageError('setup', errors);
  const person = asker ?? (options.yes === true ? unattendedAsker(print) : await personHere());
  if (person === undefined)
    return usageError('setup', ['setup asks questions: run it in a terminal, or give --yes and flags.']);
  const places = placesOf(env);
  const name = options.name ?? 'truenas';
  try {
    const keychain = 'keychain' in given ? given.keychain : await openKeychain();
    const earlier = await readRecord(places, name);
    const run = { options, env, places, name, earlier, asker: person, keychain, timings };
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
  let stopped = (): void => undefined;
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
    const before = notes.made();
    stopped = whenStopped(asker, () =>
      madeSoFar(
        notes.made().filter((each) => !before.includes(each)),
        removal(name),
      ),
    );
    await key.make(notes);
    await removeOtherStores(notes, server.env, run);
    const isWritten = await writeClients(changes, server, notes, asker);
    await writeRecord(places, name, {
      version: 1,
      url: nas.url,
      settings: { ...server.env },
      made: [...notes.made()],
    });
    if (clients.length === 0)
      asker.say(`Put this into your MCP client:\n\n${await snippetOf('claude-desktop', server)}\n`);
    asker.say(`To undo all of it: ${removal(name)}`);
    return (await checked(server, run, options.narrow === true)) && isWritten ? 0 : 1;
  } finally {
    stopped();
    await key.close();
  }
}

/** A key that an earlier run stored elsewhere. */
async function removeOtherStores(notes: Notes, env: ServerEntry['env'], { keychain }: Run): Promise<void> {
  for (const made of notes.made()) {
    const isOther =
      (made.kind === 'key-file' &&
        ![env['TRUENAS_API_KEY_FILE'], env['TRUENAS_WRITE_API_KEY_FILE']].includes(made.path)) ||
      (made.kind === 'keychain' && made.entry !== env['TRUENAS_KEYCHAIN']);
    if (!isOther) continue;
    await removeStored(made, keychain);
    await notes.forget(made);
  }
}

/** Runs doctor with the very settings of the client. */
async function checked(
  { env }: ServerEntry,
  { asker, timings, keychain }: Run,
  isNarrow: boolean,
): Promise<boolean> {
  const print = (text: string) => asker.say(text.trimEnd());
  const code = await doctor([], env, { print, timings, keychain });
  // Fewer roles than the tools read with are what was asked for.
  return code === 0 || isNarrow;
}
