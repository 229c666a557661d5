/** The one sign-in of a write session: a person's, or with an API key; nothing of the credential is kept. */
import type { JsonRpc } from '../connection/json-rpc.ts';
import { SignInError } from '../errors.ts';
import type { TlsTrust } from '../options.ts';
import { type Accepted, type Credential, withKeyAlone, withPlainKey, withScram } from './mechanisms.ts';
import { type PersonalSignIn, withPassword } from './password.ts';
import { explain } from './problems.ts';
import { hasScram, type SignedIn } from './sign-in.ts';
import { forWriting } from './write-problems.ts';

/** Who signs in, and by what. */
export type WriteCredential =
  | { readonly kind: 'api-key'; readonly apiKey: string; readonly username?: string | undefined }
  | ({ readonly kind: 'person' } & PersonalSignIn);

/**
 * Makes the sign-in of one connection. A secret that travels is sent to a NAS only whose certificate is verified.
 * @param timeoutMs longest wait for each step.
 */
export function createWriteSignIn(
  credential: WriteCredential,
  tls: TlsTrust,
  timeoutMs: number,
): (rpc: JsonRpc) => Promise<SignedIn> {
  const isUnverified = tls.isInsecure === true && tls.fingerprintSha256 === undefined;
  return async (rpc) => {
    // Before anything of the credential is sent.
    if (rpc.legacy !== undefined) {
      const { noWriteSession } = await import('../legacy/door.ts');
      throw noWriteSession(rpc.legacy);
    }
    try {
      const accepted =
        credential.kind === 'person'
          ? await byPerson(rpc, credential, isUnverified, timeoutMs)
          : await byKey(rpc, {
              apiKey: credential.apiKey,
              username: credential.username,
              isUnverified,
              timeoutMs,
              hasSeenScram: false,
              derive: undefined,
            });
      return { ...accepted, isReadOnly: false };
    } catch (error) {
      const hasUsername = credential.username !== undefined;
      throw forWriting(explain(error, { hasSeenScram: false, hasUsername, timeoutMs }), credential);
    }
  };
}

async function byPerson(
  rpc: JsonRpc,
  person: PersonalSignIn,
  isUnverified: boolean,
  timeoutMs: number,
): Promise<Accepted> {
  if (isUnverified) throw unverified();
  return withPassword(rpc, person, timeoutMs);
}

async function byKey(rpc: JsonRpc, credential: Credential): Promise<Accepted> {
  const { username, isUnverified } = credential;
  if (username !== undefined && (await hasScram(rpc, credential)))
    return withScram(rpc, credential, username);
  if (isUnverified) throw unverified();
  return username === undefined ? withKeyAlone(rpc, credential) : withPlainKey(rpc, credential, username);
}

function unverified(): SignInError {
  return new SignInError('unverified-nas', {
    summary:
      'The certificate of the NAS is not verified (TRUENAS_TLS_INSECURE), so nothing that opens it for changes is sent to it.',
    nextStep:
      'Set TRUENAS_TLS_FINGERPRINT to the fingerprint of its certificate instead of TRUENAS_TLS_INSECURE, and restart this server.',
  });
}

/** The secrets of a credential, which no text of the NAS may repeat. */
export function secretsOf(credential: WriteCredential): readonly string[] {
  if (credential.kind === 'api-key') return [credential.apiKey];
  const { password, oneTimeCode } = credential;
  return oneTimeCode === undefined ? [password] : [password, oneTimeCode];
}
