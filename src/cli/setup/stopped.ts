/** Ctrl-C and other signals while a set-up makes or undoes things: the person is told what is there, and how to go on. */
import { constants } from 'node:os';
import { isOnNas } from './apply.ts';
import type { Asker } from './asker.ts';
import { CLIENT_NAMES, clientOf } from './clients/catalogue.ts';
import { nameOf } from './nas/unmake.ts';
import type { Made } from './record.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends the process with these words on a signal; the answer takes that back. */
export function whenStopped(asker: Asker, words: () => readonly string[]): () => void {
  const end = (signal: NodeJS.Signals) => {
    for (const line of [`Stopped by ${signal}.`, ...words()]) asker.say(line);
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  return () => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
}

/** What a set-up that stops leaves. @param undoing the command that undoes it */
export function madeSoFar(made: readonly Made[], undoing: string): string[] {
  if (made.length === 0) return ['Nothing was made.'];
  const sure = made.filter((each) => !isOnNas(each) || each.id !== undefined);
  const unsure = made.filter((each) => isOnNas(each) && each.id === undefined);
  return [
    ...(sure.length === 0 ? [] : [`Made so far, and left: ${sure.map(inWords).join(', ')}.`]),
    ...(unsure.length === 0
      ? []
      : [`Sent, and nobody knows whether it was made: ${unsure.map(inWords).join(', ')}.`]),
    `To undo it: ${undoing}. Or run setup again, which uses what is there.`,
  ];
}

/** What is still there when undoing stops. */
export function stillThere(made: readonly Made[], undoing: string): string[] {
  if (made.length === 0) return ['All of it is undone.'];
  return [
    `Still there, or under way: ${made.map(inWords).join(', ')}.`,
    `To go on: ${undoing}, which looks at each again.`,
  ];
}

function inWords(made: Made): string {
  if (isOnNas(made)) return `${nameOf(made)} on the NAS`;
  if (made.kind === 'key-file') return `the stored key ${made.path}`;
  if (made.kind === 'keychain') return `the key ${made.entry} in the keychain`;
  const client = CLIENT_NAMES.find((name) => name === made.client);
  return `the entry in ${client === undefined ? made.client : clientOf(client).title} (${made.path})`;
}
