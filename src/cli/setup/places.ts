/** Folders of this user on this computer, by the rules of each system. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where things are kept. */
export interface Places {
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Where programs keep their settings: `~/.config`, `~/Library/Application Support`, `%APPDATA%`. */
  readonly settings: string;
  /** The set-up's own folder: its record, and keys where no keychain holds them. */
  readonly own: string;
  /** For TRUENAS_STATE_DIR. */
  readonly state: string;
  /** Where programs of Windows keep what stays on this computer: `%LOCALAPPDATA%`. */
  readonly local: string;
  /** A variable of the environment; undefined when it is missing or empty. */
  readonly variable: (name: string) => string | undefined;
}

/** The folders of whoever runs this. */
export function placesOf(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Places {
  const variable = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const home = variable(platform === 'win32' ? 'USERPROFILE' : 'HOME') ?? homedir();
  const roaming = variable('APPDATA') ?? join(home, 'AppData', 'Roaming');
  const local = variable('LOCALAPPDATA') ?? join(home, 'AppData', 'Local');
  const common = { home, platform, local, variable };
  if (platform === 'win32')
    return {
      ...{ ...common, settings: roaming },
      own: join(roaming, 'truenas-mcp'),
      state: join(local, 'truenas-mcp', 'state'),
    };
  if (platform === 'darwin') {
    const settings = join(home, 'Library', 'Application Support');
    const own = join(settings, 'truenas-mcp');
    return { ...common, settings, own, state: join(own, 'state') };
  }
  const settings = variable('XDG_CONFIG_HOME') ?? join(home, '.config');
  const state = variable('XDG_STATE_HOME') ?? join(home, '.local', 'state');
  return { ...common, settings, own: join(settings, 'truenas-mcp'), state: join(state, 'truenas-mcp') };
}
