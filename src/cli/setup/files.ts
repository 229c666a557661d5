/** Files that flags name: authorities, and secrets, which are told of when others can read them. */
import { readFileSync, statSync } from 'node:fs';
import { readersOf, readTextFile } from '../../config/files.ts';
import { type Asker, SetupStopped } from './asker.ts';

/** @throws SetupStopped naming the flag */
export function fileText(path: string, flag: string): string {
  return reading(flag, () => readFileSync(path, 'utf8'));
}

/** The secret in a file; says so when others can read it as well. @throws SetupStopped naming the flag */
export function secretText(path: string, flag: string, what: string, asker: Asker): string {
  const stats = reading(flag, () => statSync(path));
  // A pipe, as of `<(pass show nas)`, is nobody else's.
  if (!stats.isFile()) return fileText(path, flag);
  const read = readTextFile(path);
  if ('complaint' in read) throw new SetupStopped(`${flag} ${read.complaint}.`);
  const readers = readersOf(read);
  if (readers !== undefined) asker.say(`${flag}: ${readers} the ${what} in ${path}. Run: chmod 600 ${path}`);
  return read.text;
}

function reading<Result>(flag: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new SetupStopped(`The file of ${flag} cannot be read: ${reason}.`);
  }
}
