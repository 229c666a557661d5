/** The configurations of the chosen clients: planned and shown before anything is made, written at the end. */
import { Problem } from '../../../truenas/problem.ts';
import type { Asker } from '../asker.ts';
import type { Places } from '../places.ts';
import type { Notes } from '../record.ts';
import { type ClientName, clientOf, type ServerEntry } from './catalogue.ts';
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
      return { client: name, change: await planFile(file, client, server.name, client.entry(server)) };
    }),
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
    const made = { kind: 'client', client, path: change.path, entry: server.name } as const;
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
  return (await withEntry('', client, server.name, client.entry(server))).trimEnd();
}
