/** The NAS's side of SCRAM-SHA-512 with an API key (PROTOCOL section 4; RFC 5802). */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { ApiKeyRow } from './accounts.ts';

const derive = promisify(pbkdf2);

/** What proves a key, derived from it. */
export interface ScramSecrets {
  readonly iterations: number;
  readonly salt: Buffer;
  readonly clientKey: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

const known = new WeakMap<ApiKeyRow, { readonly secret: string; readonly secrets: Promise<ScramSecrets> }>();

/** Derives a key's secrets, once. */
export function scramSecrets(row: ApiKeyRow, iterations: number): Promise<ScramSecrets> {
  const cached = known.get(row);
  if (cached?.secret === row.secret) return cached.secrets;
  const secrets = deriveSecrets(row.secret, row.salt, iterations);
  known.set(row, { secret: row.secret, secrets });
  return secrets;
}

async function deriveSecrets(secret: string, salt: Buffer, iterations: number): Promise<ScramSecrets> {
  const salted = await derive(secret, salt, iterations, 64, 'sha512');
  const clientKey = hmac(salted, 'Client Key');
  return {
    iterations,
    salt,
    clientKey,
    storedKey: createHash('sha512').update(clientKey).digest(),
    serverKey: hmac(salted, 'Server Key'),
  };
}

/** The first message, taken apart. */
export interface ClientFirst {
  /** `n,,` or `p=tls-server-end-point,,`. */
  readonly header: string;
  readonly isBound: boolean;
  readonly bare: string;
  readonly username: string;
  readonly keyId: number;
  readonly nonce: Buffer;
}

/** Reads a first message; null when it is not one. */
export function readClientFirst(text: string): ClientFirst | null {
  const match = /^(n|p=tls-server-end-point),,(n=([^,=]+):(\d+),r=([A-Za-z0-9+/]+={0,2}))$/.exec(text);
  if (match === null) return null;
  const [, flag = '', bare = '', username = '', keyId = '', nonce = ''] = match;
  return {
    header: `${flag},,`,
    isBound: flag !== 'n',
    bare,
    username,
    keyId: Number(keyId),
    nonce: Buffer.from(nonce, 'base64'),
  };
}

/** An exchange between its two steps. */
export interface ScramExchange {
  readonly first: ClientFirst;
  readonly serverFirst: string;
  readonly nonce: string;
}

/** Answers the first message: the nonce is base64 of both halves together. */
export function startExchange(first: ClientFirst, salt: Buffer, iterations: number): ScramExchange {
  const nonce = Buffer.concat([first.nonce, randomBytes(32)]).toString('base64');
  return { first, nonce, serverFirst: `r=${nonce},s=${salt.toString('base64')},i=${iterations}` };
}

/**
 * Checks the final message; answers the server's signature, or null when the proof is wrong.
 * `certificateHash` is what a bound exchange must name.
 */
export function finishExchange(
  exchange: ScramExchange,
  secrets: ScramSecrets,
  final: string,
  certificateHash: Buffer | null,
): string | null {
  const match = /^(c=([A-Za-z0-9+/=]+),r=([A-Za-z0-9+/=]+)),p=([A-Za-z0-9+/=]+)$/.exec(final);
  if (match === null) return null;
  const [, withoutProof = '', binding = '', nonce = '', proof = ''] = match;
  const { first, serverFirst } = exchange;
  const header = Buffer.from(first.header);
  const expected = first.isBound ? Buffer.concat([header, certificateHash ?? Buffer.alloc(0)]) : header;
  if (nonce !== exchange.nonce || !Buffer.from(binding, 'base64').equals(expected)) return null;
  const message = `${first.bare},${serverFirst},${withoutProof}`;
  const given = Buffer.from(proof, 'base64');
  const mask = hmac(secrets.storedKey, message);
  if (given.length !== mask.length) return null;
  const clientKey = Buffer.from(given.map((byte, index) => byte ^ (mask[index] ?? 0)));
  const storedKey = createHash('sha512').update(clientKey).digest();
  if (!timingSafeEqual(storedKey, secrets.storedKey)) return null;
  return `v=${hmac(secrets.serverKey, message).toString('base64')}`;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha512', key).update(text).digest();
}
