/**
 * The keychain of the operating system: that of macOS, the Credential Manager of Windows, the Secret Service of a Linux
 * desktop. It is reached by an optional package, loaded only where a setting names an entry.
 */

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

/** The keychain; undefined where the optional package is not installed, or not made for this system. */
export async function openKeychain(): Promise<Keychain | undefined> {
  try {
    const { Entry } = await import('@napi-rs/keyring');
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
