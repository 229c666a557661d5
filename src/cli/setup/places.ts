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
}

/** The folders of whoever runs this. */
export function placesOf(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Places {
  const set = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);
  const home = set(platform === 'win32' ? 'USERPROFILE' : 'HOME') ?? homedir();
  const roaming = set('APPDATA') ?? join(home, 'AppData', 'Roaming');
  const local = set('LOCALAPPDATA') ?? join(home, 'AppData', 'Local');
  if (platform === 'win32')
    return {
      ...{ home, platform, settings: roaming },
      own: join(roaming, 'truenas-mcp'),
      state: join(local, 'truenas-mcp', 'state'),
    };
  if (platform === 'darwin') {
    const settings = join(home, 'Library', 'Application Support');
    const own = join(settings, 'truenas-mcp');
    return { home, platform, settings, own, state: join(own, 'state') };
  }
  const settings = set('XDG_CONFIG_HOME') ?? join(home, '.config');
  const state = set('XDG_STATE_HOME') ?? join(home, '.local', 'state');
  return { home, platform, settings, own: join(settings, 'truenas-mcp'), state: join(state, 'truenas-mcp') };
}
