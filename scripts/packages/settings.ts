/** The settings that a person is asked for when a package is installed, from the table of settings. */
import { SETTINGS, type SettingName } from '../../src/config/index.ts';
import type { Setting } from '../../src/config/setting.ts';

/** One question. */
export interface AskedSetting {
  /** Its variable: TRUENAS_API_KEY. */
  readonly variable: string;
  /** As forms name it: `api_key`. */
  readonly key: string;
  readonly title: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  readonly isFolder: boolean;
  readonly default?: string | undefined;
  readonly choices?: readonly string[] | undefined;
}

/** In the order in which they are asked; without a title, the question is none for a form. */
const ASKED: readonly (readonly [SettingName, string, 'required'?])[] = [
  ['url', 'Address of the TrueNAS', 'required'],
  ['username', 'User of the API key', 'required'],
  ['apiKey', 'API key', 'required'],
  ['tlsFingerprint', 'SHA-256 fingerprint of its certificate'],
  ['access', 'Access level'],
  ['stateDir', 'Folder for the journal of changes'],
];

/** What is asked. */
export function askedSettings(): AskedSetting[] {
  return ASKED.map(([name, title, required]) => {
    const row: Setting<unknown> = SETTINGS[name];
    const variable = row.env ?? '';
    return {
      variable,
      key: variable.replace(/^TRUENAS_/, '').toLowerCase(),
      title,
      description: row.description,
      isRequired: required === 'required',
      isSecret: row.isSecret === true,
      isFolder: name === 'stateDir',
      default: row.default,
      choices: row.choices,
    };
  });
}
