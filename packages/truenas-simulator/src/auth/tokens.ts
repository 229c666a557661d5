/** Session tokens of `auth.generate_token`, and the one-time passwords; they live until the next boot. */
import { randomBytes } from 'node:crypto';
import type { Credential } from '../session/session-state.ts';
import type { UserRow } from './accounts.ts';

/** What a token stands for. */
export interface Token {
  readonly user: UserRow;
  /** How its maker is signed in. */
  readonly maker: Credential;
  readonly ttlMs: number;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The only address it is good from; null: any. */
  readonly address: string | null;
  readonly isSingleUse: boolean;
}

/** Tokens and one-time passwords of one boot. */
export interface TokenStore {
  /** `length` in characters; 32 when absent. */
  create(token: Token, length?: number): string;
  /** The token's meaning if it is good from there; a use prolongs it, or ends it. */
  use(text: string, address: string): Token | null;
  createOneTimePassword(user: UserRow): string;
  /** True once for a right password. */
  useOneTimePassword(user: UserRow, password: string): boolean;
}

const TOKEN_LENGTH = 32;

/** Makes an empty store. */
export function createTokenStore(now: () => number): TokenStore {
  const tokens = new Map<string, { readonly token: Token; usedAtMs: number }>();
  const passwords = new Map<string, string>();
  return {
    create(token, length = TOKEN_LENGTH) {
      const text = randomBytes(length).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, length);
      tokens.set(text, { token, usedAtMs: now() });
      return text;
    },
    use(text, address) {
      const entry = tokens.get(text);
      if (entry === undefined) return null;
      const { token, usedAtMs } = entry;
      if (now() - usedAtMs > token.ttlMs) {
        tokens.delete(text);
        return null;
      }
      if (token.address !== null && token.address !== address) return null;
      if (token.isSingleUse) tokens.delete(text);
      else entry.usedAtMs = now();
      return token;
    },
    createOneTimePassword(user) {
      const password = randomBytes(18).toString('base64url');
      passwords.set(user.username, password);
      return password;
    },
    useOneTimePassword(user, password) {
      if (passwords.get(user.username) !== password) return false;
      passwords.delete(user.username);
      return true;
    },
  };
}
