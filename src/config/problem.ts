/** The sentence a person reads about a wrong setting. */
import { fileKey } from './file/keys.ts';
import { type Origin, placeOf } from './origin.ts';
import type { Setting } from './setting.ts';

/** "TRUENAS_TIMEOUT must be …. Example: TRUENAS_TIMEOUT=30s"; names the place the value came from. Never shows the value. */
export function problemWith(row: Setting<unknown>, complaint: string, origin?: Origin): string {
  const name = settingLabel(row, origin);
  if (row.example === '') return `${name} ${complaint}.`;
  // Not as an assignment: to the redactor that would be a secret, and nobody could read it.
  const setting = row.isSecret === true ? '' : assignmentOf(row, origin);
  return `${name} ${complaint}. Example: ${setting}${row.example}`;
}

/** The variable's name, the flag's where there is no variable or the value came from the flag, or the line of the file. */
export function settingLabel(row: Setting<unknown>, origin?: Origin): string {
  if (origin?.kind === 'file') return `${placeOf(origin)}: ${origin.key}`;
  if (row.flag !== undefined && (origin?.kind === 'flag' || row.env === undefined)) return `--${row.flag}`;
  return row.env ?? '';
}

function assignmentOf(row: Setting<unknown>, origin: Origin | undefined): string {
  if (origin?.kind === 'file') return `${fileKey(row) ?? ''}: `;
  return `${settingLabel(row, origin)}${origin?.kind === 'flag' || row.env === undefined ? ' ' : '='}`;
}
