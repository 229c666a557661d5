/** A SCRAM-SHA-512 client of its own, to test the simulator's side with; shares no code with either side. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { RawConnection } from './simulator.ts';

/** What a test changes about an exchange. */
export interface ScramTwists {
  /** DER hash for channel binding; absent: none. */
  readonly certificateHash?: Buffer;
  /** Spoils the proof. */
  readonly hasWrongProof?: boolean;
}

/** The end of an exchange. */
export interface ScramOutcome {
  readonly answer: ReturnType<typeof JSON.parse>;
  /** The server's signature was as expected. */
  readonly isServerProven: boolean;
}

/** Signs in; stops early when the first step is refused. */
export async function scramSignIn(
  connection: RawConnection,
  username: string,
  apiKey: string,
  twists: ScramTwists = {},
): Promise<ScramOutcome> {
  const dash = apiKey.indexOf('-');
  const [keyId, password] = [apiKey.slice(0, dash), apiKey.slice(dash + 1)];
  const header = twists.certificateHash === undefined ? 'n,,' : 'p=tls-server-end-point,,';
  const ownNonce = randomBytes(32);
  const bare = `n=${username}:${keyId},r=${ownNonce.toString('base64')}`;
  const step = (scram_type: string, rfc_str: string) =>
    connection.call('auth.login_ex', [{ mechanism: 'SCRAM', scram_type, rfc_str }]);

  const first = await step('CLIENT_FIRST_MESSAGE', header + bare);
  if (first.response_type !== 'SCRAM_RESPONSE') return { answer: first, isServerProven: false };
  const [, nonce = '', salt = '', rounds = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(first.rfc_str) ?? [];
  if (!Buffer.from(nonce, 'base64').subarray(0, 32).equals(ownNonce)) throw new Error('not our nonce');

  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(rounds), 64, 'sha512');
  const clientKey = createHmac('sha512', salted).update('Client Key').digest();
  const storedKey = createHash('sha512').update(clientKey).digest();
  const serverKey = createHmac('sha512', salted).update('Server Key').digest();
  const binding = Buffer.concat([Buffer.from(header), twists.certificateHash ?? Buffer.alloc(0)]);
  const withoutProof = `c=${binding.toString('base64')},r=${nonce}`;
  const message = `${bare},${first.rfc_str},${withoutProof}`;
  const mask = createHmac('sha512', storedKey).update(message).digest();
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (mask[index] ?? 0)));
  if (twists.hasWrongProof === true) proof[0] = (proof[0] ?? 0) ^ 1;
  const answer = await step('CLIENT_FINAL_MESSAGE', `${withoutProof},p=${proof.toString('base64')}`);
  const expected = `v=${createHmac('sha512', serverKey).update(message).digest('base64')}`;
  return { answer, isServerProven: answer.rfc_str === expected };
}
