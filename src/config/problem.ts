/** The sentence a person reads about a wrong setting. */
import type { Setting } from './settings.ts';

/** "TRUENAS_TIMEOUT must be …. Example: TRUENAS_TIMEOUT=30s"; names the flag when the value came from it. Never shows the value. */
export function problemWith(row: Setting<unknown>, complaint: string, cameFromFlag = false): string {
  const name = settingLabel(row, cameFromFlag);
  const example = row.example === '' ? '' : ` Example: ${name}${cameFromFlag ? ' ' : '='}${row.example}`;
  return `${name} ${complaint}.${example}`;
}

/** The variable's name, or the flag's where there is no variable or the value came from the flag. */
export function settingLabel(row: Setting<unknown>, cameFromFlag = false): string {
  if (row.flag !== undefined && (cameFromFlag || row.env === undefined)) return `--${row.flag}`;
  return row.env ?? '';
}
