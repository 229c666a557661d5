/**
 * What set-ups made, on the NAS and on this computer, so that it can be undone. It is written before each step and after
 * it: a step that was begun and has no number may or may not have been done. It holds no secret.
 */
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { SetupStopped } from './asker.ts';
import type { Places } from './places.ts';

/** `id` is the row's number on the NAS; absent while nobody knows whether it was made. */
const onNas = { name: z.string(), id: z.int().optional() };

const MADE = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('group'), ...onNas }),
  z.object({ kind: z.literal('privilege'), ...onNas }),
  z.object({ kind: z.literal('roles'), ...onNas, before: z.array(z.string()) }),
  z.object({ kind: z.literal('user'), ...onNas }),
  z.object({ kind: z.literal('key'), ...onNas, user: z.string() }),
  z.object({ kind: z.literal('key-file'), path: z.string() }),
  z.object({ kind: z.literal('keychain'), entry: z.string() }),
  z.object({ kind: z.literal('client'), client: z.string(), path: z.string(), entry: z.string() }),
]);

const RECORD = z.object({
  version: z.literal(1),
  url: z.string(),
  /** Environment of the server: no secret, only where the key lies. */
  settings: z.record(z.string(), z.string()),
  made: z.array(MADE),
});

/** One thing that a set-up made. */
export type Made = z.output<typeof MADE>;
/** Things on the NAS. */
export type MadeOnNas = Extract<Made, { id?: unknown }>;
/** One set-up. */
export type SetupRecord = z.output<typeof RECORD>;

/** The record of the set-up of this name; undefined when there is none. @throws SetupStopped when it cannot be read */
export async function readRecord(places: Places, name: string): Promise<SetupRecord | undefined> {
  const path = pathOf(places, name);
  try {
    return RECORD.parse(JSON.parse(await ownText(path)));
  } catch (error) {
    if (error instanceof SetupStopped) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new SetupStopped(
      `The record of an earlier set-up, ${path}, cannot be read.`,
      'Look at it: it names what that set-up made. Move it away to set up anew.',
    );
  }
}

/** The record names the certificate that is trusted, and what is removed: one that others can change is not believed. */
async function ownText(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { mode, uid } = await file.stat();
    const self = process.getuid?.();
    if (self !== undefined && ((mode & 0o022) !== 0 || (uid !== self && uid !== 0)))
      throw new SetupStopped(
        `Other users can change the record of an earlier set-up, ${path}.`,
        'Look at it: it names the certificate that is trusted, and what that set-up made. If it is right, make it yours alone: chown, and chmod 600.',
      );
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** Writes the record, or removes it when nothing is left of the set-up. @throws SetupStopped */
export async function writeRecord(
  places: Places,
  name: string,
  record: SetupRecord | undefined,
): Promise<void> {
  const path = pathOf(places, name);
  try {
    if (record === undefined) return await rm(path, { force: true });
    await mkdir(places.own, { recursive: true, mode: 0o700 });
    const temporary = `${path}.new`;
    await rm(temporary, { force: true });
    // `wx`: a link that somebody laid there is not followed.
    await writeFile(temporary, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SetupStopped(`The record of what is made, ${path}, cannot be written: ${code}.`);
  }
}

/** Where the record lies. */
export function pathOf({ own }: Places, name: string): string {
  return join(own, `${name}.json`);
}

/** The record of one run, kept on disk with every step. */
export interface Notes {
  readonly made: () => readonly Made[];
  /** Before a step. */
  begin(made: Made): Promise<void>;
  /** After a step on the NAS, with the number that it gave. */
  finish(made: MadeOnNas, id: number): Promise<void>;
  /** After the thing is gone again, or was never there. */
  forget(made: Made): Promise<void>;
}

/** Keeps notes on disk, beginning with what an earlier run left. */
export function keepNotes(places: Places, name: string, start: SetupRecord): Notes {
  let made: readonly Made[] = start.made;
  const save = (next: readonly Made[]): Promise<void> => {
    made = next;
    return writeRecord(places, name, made.length === 0 ? undefined : { ...start, made: [...made] });
  };
  return {
    made: () => made,
    begin: (each) => save([...made.filter((known) => !isSame(known, each)), each]),
    finish: (each, id) => save(made.map((known) => (isSame(known, each) ? { ...each, id } : known))),
    forget: (each) => save(made.filter((known) => !isSame(known, each))),
  };
}

function isSame(one: Made, other: Made): boolean {
  const identity = (made: Made): string => {
    if ('path' in made) return made.path;
    if ('entry' in made) return made.entry;
    return made.name;
  };
  return one.kind === other.kind && identity(one) === identity(other);
}
