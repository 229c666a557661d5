/** The configurations of the chosen clients: planned and shown before anything is made, written at the end. */
import { Problem } from '../../../truenas/problem.ts';
import { type Asker, SetupStopped } from '../asker.ts';
import type { Places } from '../places.ts';
import type { Notes } from '../record.ts';
import { type ClientName, clientOf, type McpClient, type ServerEntry } from './catalogue.ts';
import { withEntry } from './edit.ts';
import { type FileChange, planFile } from './write.ts';

/** A client and the change of its file. */
export interface ClientChange {
  readonly client: ClientName;
  readonly change: FileChange;
}

/** Plans the entry of the server in each client. @throws SetupStopped when a file cannot be read or understood */
export function planClients(
  clients: readonly ClientName[],
  server: ServerEntry,
  places: Places,
  path: string | undefined,
): Promise<ClientChange[]> {
  return Promise.all(
    clients.map(async (name) => {
      const client = clientOf(name);
      const file = path ?? client.file(places);
      refuseReplaced(client, server, file);
      return {
        client: name,
        change: await planFile(file, client, keyIn(client, server), client.entry(server)),
      };
    }),
  );
}

function keyIn({ key }: McpClient, { name }: ServerEntry): string {
  return key === undefined ? name : key(name);
}

/** @throws SetupStopped when the client would start the server with another value than the one that is written */
function refuseReplaced({ title, replaces }: McpClient, { launch, env }: ServerEntry, file: string): void {
  const values = [launch.command, ...launch.args, ...Object.values(env)];
  const value = values.find((each) => replaces?.test(each) === true);
  if (value === undefined) return;
  throw new SetupStopped(
    `${JSON.stringify(value)} cannot be put into ${file}: ${title} replaces ${JSON.stringify(replaces?.exec(value)?.[0])} by a variable of its own.`,
    'Choose a name or a path without a dollar sign, or leave this client out.',
  );
}

/** The changes of the files in words. */
export function clientLines(changes: readonly ClientChange[]): string[] {
  return changes.flatMap(({ client, change: { path, diff } }) => [
    `${clientOf(client).title}, ${path}:`,
    ...(diff.length === 0 ? ['  is right as it is'] : diff.map((line) => `  ${line}`)),
  ]);
}

/** Writes them; true when all could be written. What could not is told, and its configuration printed. */
export async function writeClients(
  changes: readonly ClientChange[],
  server: ServerEntry,
  notes: Notes,
  asker: Asker,
): Promise<boolean> {
  let isDone = true;
  for (const { client, change } of changes) {
    const { title, afterwards } = clientOf(client);
    const made = {
      kind: 'client',
      client,
      path: change.path,
      entry: keyIn(clientOf(client), server),
    } as const;
    try {
      await notes.begin(made);
      const backup = await change.apply();
      const kept = backup === undefined ? '' : ` The file as it was: ${backup}.`;
      asker.say(`${title} knows the server now.${kept} ${afterwards}`);
    } catch (error) {
      isDone = false;
      await notes.forget(made);
      asker.say(
        `${title} was NOT configured: ${error instanceof Problem ? error.summary : String(error)} Put this there by hand:`,
      );
      asker.say(await snippetOf(client, server));
    }
  }
  return isDone;
}

/** The configuration of a client as a file that holds nothing else. */
export async function snippetOf(name: ClientName, server: ServerEntry): Promise<string> {
  const client = clientOf(name);
  return (await withEntry('', client, keyIn(client, server), client.entry(server))).trimEnd();
}
