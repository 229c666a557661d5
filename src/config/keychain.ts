/**
 * The keychain of the operating system: that of macOS, the Credential Manager of Windows, the Secret Service of a Linux
 * desktop. It is reached by an optional package, loaded only where a setting names an entry.
 */
import { existsSync } from 'node:fs';

/** Entries of this program, by name. */
export interface Keychain {
  /** Undefined when there is no such entry. @throws Error when the keychain is locked or absent */
  read(entry: string): string | undefined;
  write(entry: string, secret: string): void;
  remove(entry: string): void;
}

const SERVICE = 'truenas-mcp';
/** A Linux without a desktop would fall back to the keyring of the kernel, which a restart empties. */
const LASTING = { linux: { store: 'secret-service' } } as const;

/**
 * The address of the bus on which the Secret Service of this user answers, where the environment lost it: most MCP clients
 * start a server with HOME, PATH and little else.
 */
export function sessionBus(
  env: Readonly<Record<string, string | undefined>>,
  userId: number | undefined,
  isThere: (path: string) => boolean = existsSync,
): string | undefined {
  if (userId === undefined || (env['DBUS_SESSION_BUS_ADDRESS'] ?? '') !== '') return undefined;
  // systemd and elogind make it at sign-in.
  const path = `/run/user/${userId}/bus`;
  return isThere(path) ? `unix:path=${path}` : undefined;
}

/** The keychain; undefined where the optional package is not installed, or not made for this system. */
export async function openKeychain(): Promise<Keychain | undefined> {
  try {
    const { Entry } = await import('@napi-rs/keyring');
    const bus = sessionBus(process.env, process.getuid?.());
    if (bus !== undefined) process.env['DBUS_SESSION_BUS_ADDRESS'] = bus;
    const at = (entry: string) => new Entry(SERVICE, entry, LASTING);
    return {
      read: (entry) => at(entry).getPassword() ?? undefined,
      write: (entry, secret) => at(entry).setPassword(secret),
      remove: (entry) => void at(entry).deletePassword(),
    };
  } catch {
    return undefined;
  }
}
