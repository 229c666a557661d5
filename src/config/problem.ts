/** The sentence a person reads about a wrong setting. */
import type { Setting } from './setting.ts';

/** "TRUENAS_TIMEOUT must be …. Example: TRUENAS_TIMEOUT=30s"; names the flag when the value came from it. Never shows the value. */
export function problemWith(row: Setting<unknown>, complaint: string, cameFromFlag = false): string {
  const name = settingLabel(row, cameFromFlag);
  if (row.example === '') return `${name} ${complaint}.`;
  // Not as an assignment: to the redactor that would be a secret, and nobody could read it.
  const setting = row.isSecret === true ? '' : `${name}${cameFromFlag ? ' ' : '='}`;
  return `${name} ${complaint}. Example: ${setting}${row.example}`;
}

/** The variable's name, or the flag's where there is no variable or the value came from the flag. */
export function settingLabel(row: Setting<unknown>, cameFromFlag = false): string {
  if (row.flag !== undefined && (cameFromFlag || row.env === undefined)) return `--${row.flag}`;
  return row.env ?? '';
}
