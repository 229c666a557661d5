/**
 * SCRAM-SHA-512 (RFC 5802) as TrueNAS 26 speaks it (PROTOCOL section 4): proves possession of an API key without
 * sending it, and has the NAS prove that it knows the key too. With channel binding (RFC 5929) the proof also
 * holds for one certificate only, so that somebody in between cannot pass it on.
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type ApiKeyParts, apiKeyParts } from '../api-key.ts';
import { SignInError } from '../errors.ts';

/** Iteration counts outside of these are refused: too few weaken the key, too many stall the client. */
export const MIN_ITERATIONS = 50_000;
export const MAX_ITERATIONS = 5_000_000;

const NONCE_BYTES = 32;
const HASH_BYTES = 64;
const pbkdf2Async = promisify(pbkdf2);

/** The keys derived from an API key and one salt; kept in memory so that opening a connection again costs no second derivation. */
interface DerivedKeys {
  readonly clientKey: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** Derives keys, and remembers the last result. */
export type KeyDerivation = (salt: Buffer, iterations: number) => Promise<DerivedKeys>;

/** One run of the exchange: call the three in order. */
export interface ScramExchange {
  /** The first message. */
  readonly clientFirst: string;
  /**
   * The final message for the server's first.
   * @throws SignInError when the server's message is not acceptable.
   */
  answer(serverFirst: string): Promise<string>;
  /** True when the server's last message proves that it knows the key. */
  isServerProven(serverFinal: string): boolean;
}

/**
 * Takes an API key apart.
 * @throws SignInError `unusable-key`.
 */
export function splitApiKey(apiKey: string): ApiKeyParts {
  const parts = apiKeyParts(apiKey);
  if (parts === undefined) {
    throw new SignInError('unusable-key', {
      summary: 'The API key does not have the form of a TrueNAS API key.',
      nextStep:
        'It is a number, a dash and 64 letters and digits; copy it again, whole, as the NAS showed it once.',
    });
  }
  return parts;
}

/** Makes the key derivation for one API key. */
export function createKeyDerivation(secret: string): KeyDerivation {
  let last: { readonly label: string; readonly keys: Promise<DerivedKeys> } | undefined;
  return async (salt, iterations) => {
    const label = `${iterations}:${salt.toString('base64')}`;
    if (last?.label !== label) last = { label, keys: deriveKeys(secret, salt, iterations) };
    return last.keys;
  };
}

/**
 * Begins an exchange.
 * @param channelBinding hash of the server's certificate (`tls-server-end-point`); absent without TLS.
 * @throws SignInError `unusable-key` for a user name that SCRAM cannot carry.
 */
export function startScram(
  username: string,
  keyId: string,
  derive: KeyDerivation,
  channelBinding: Buffer | undefined,
  clientNonce: Buffer = randomBytes(NONCE_BYTES),
): ScramExchange {
  if (/[,=]/.test(username)) {
    throw new SignInError('unusable-key', {
      summary: 'The user name contains "," or "=", which the NAS\'s sign-in (SCRAM) cannot carry.',
      nextStep: 'Make an API key for a user whose name has neither, and set TRUENAS_USERNAME to it.',
    });
  }
  const header = channelBinding === undefined ? 'n,,' : 'p=tls-server-end-point,,';
  const bare = `n=${username}:${keyId},r=${clientNonce.toString('base64')}`;
  let expectedSignature: Buffer | undefined;

  return {
    clientFirst: header + bare,
    async answer(serverFirst) {
      const { nonceText, salt, iterations } = readServerFirst(serverFirst, clientNonce);
      const { clientKey, storedKey, serverKey } = await derive(salt, iterations);
      const binding = Buffer.concat([Buffer.from(header), channelBinding ?? Buffer.alloc(0)]).toString(
        'base64',
      );
      const withoutProof = `c=${binding},r=${nonceText}`;
      const authMessage = `${bare},${serverFirst},${withoutProof}`;
      expectedSignature = hmac(serverKey, authMessage);
      const proof = xor(clientKey, hmac(storedKey, authMessage));
      return `${withoutProof},p=${proof.toString('base64')}`;
    },
    isServerProven(serverFinal) {
      const match = /^v=([A-Za-z0-9+/]+=*)$/.exec(serverFinal);
      if (match?.[1] === undefined || expectedSignature === undefined) return false;
      const signature = Buffer.from(match[1], 'base64');
      return signature.length === expectedSignature.length && timingSafeEqual(signature, expectedSignature);
    },
  };
}

function readServerFirst(
  text: string,
  clientNonce: Buffer,
): { nonceText: string; salt: Buffer; iterations: number } {
  const match = /^r=([A-Za-z0-9+/]+=*),s=([A-Za-z0-9+/]+=*),i=(\d{1,10})$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined || match[3] === undefined) {
    throw unproven('its first message is malformed');
  }
  const nonce = Buffer.from(match[1], 'base64');
  // The NAS encodes both nonces together, so the texts differ: only the bytes can be compared.
  const echoed = nonce.subarray(0, NONCE_BYTES);
  if (nonce.length < 2 * NONCE_BYTES || !timingSafeEqual(echoed, clientNonce)) {
    throw unproven('it did not answer to this sign-in (the nonce differs)');
  }
  const iterations = Number(match[3]);
  if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
    throw unproven(
      `it asks for ${iterations} iterations; acceptable are ${MIN_ITERATIONS} to ${MAX_ITERATIONS}`,
    );
  }
  return { nonceText: match[1], salt: Buffer.from(match[2], 'base64'), iterations };
}

/** The error for a server that did not prove itself. */
export function unproven(why: string): SignInError {
  return new SignInError('server-unproven', {
    summary: `The server did not prove that it is the NAS which issued the API key: ${why}.`,
    nextStep:
      'Somebody may be in between. Check the address and the certificate (TRUENAS_TLS_FINGERPRINT); the key itself was not sent.',
  });
}

async function deriveKeys(secret: string, salt: Buffer, iterations: number): Promise<DerivedKeys> {
  // On the thread pool: half a million iterations take a few hundred milliseconds.
  const salted = await pbkdf2Async(secret, salt, iterations, HASH_BYTES, 'sha512');
  const clientKey = hmac(salted, 'Client Key');
  return {
    clientKey,
    storedKey: createHash('sha512').update(clientKey).digest(),
    serverKey: hmac(salted, 'Server Key'),
  };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha512', key).update(text).digest();
}

function xor(left: Buffer, right: Buffer): Buffer {
  const result = Buffer.from(left);
  for (const [index, byte] of right.entries()) result[index] = (result[index] ?? 0) ^ byte;
  return result;
}
