/** The keys of the configuration file: those of the settings that have a variable, without its first word. */
import { CONFIG_VARIABLE, type Setting } from '../setting.ts';

/** `api_key_file` for TRUENAS_API_KEY_FILE; undefined for what belongs to one start only, and for the file itself. */
export function fileKey(row: Setting<unknown>): string | undefined {
  if (row.env === undefined || row.env === CONFIG_VARIABLE) return undefined;
  return row.env.replace(/^TRUENAS_/, '').toLowerCase();
}
