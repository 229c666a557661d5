/**
 * The server's half of SCRAM-SHA-512, written from RFC 5802 and PROTOCOL section 4 for tests, with levers to
 * misbehave. It shares no code with the client or the simulator.
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

export interface ScramServerOptions {
  readonly password: string;
  readonly iterations?: number;
  readonly salt?: Buffer;
  /** What a certificate's `tls-server-end-point` has to be, where the client binds. */
  readonly binding?: Buffer;
  readonly tamper?: 'nonce' | 'signature' | 'no-signature' | 'order';
}

export interface ScramServer {
  /** The header of the client's first message: `n` or `p=…`. */
  header(): string;
  /** The user part, `name:key id`. */
  user(): string;
  /** Answers the argument of auth.login_ex; the number of derivations counts as in a NAS that stores keys. */
  answer(login: { scram_type: string; rfc_str: string }): Record<string, unknown>;
}

const hmac = (key: Buffer, text: string) => createHmac('sha512', key).update(text).digest();

export function createScramServer(options: ScramServerOptions): ScramServer {
  const salt = options.salt ?? randomBytes(16);
  const iterations = options.iterations ?? 50_000;
  let header = '';
  let bare = '';
  let serverFirst = '';
  let nonceText = '';

  function first(text: string): Record<string, unknown> {
    const [flag = '', authorization = '', ...rest] = text.split(',');
    header = `${flag},${authorization},`;
    bare = rest.join(',');
    const clientNonce = Buffer.from(/r=(.*)$/.exec(bare)?.[1] ?? '', 'base64');
    if (options.tamper === 'nonce') clientNonce[0] = (clientNonce[0] ?? 0) ^ 1;
    nonceText = Buffer.concat([clientNonce, randomBytes(32)]).toString('base64');
    serverFirst = `r=${nonceText},s=${salt.toString('base64')},i=${iterations}`;
    const type = options.tamper === 'order' ? 'SERVER_FINAL_RESPONSE' : 'SERVER_FIRST_RESPONSE';
    return { response_type: 'SCRAM_RESPONSE', scram_type: type, rfc_str: serverFirst, user_info: null };
  }

  function final(text: string): Record<string, unknown> {
    const [withoutProof = '', proofText = ''] = text.split(',p=');
    const [bindingText = '', nonce = ''] = withoutProof.replace('c=', '').split(',r=');
    const salted = pbkdf2Sync(options.password, salt, iterations, 64, 'sha512');
    const storedKey = createHash('sha512').update(hmac(salted, 'Client Key')).digest();
    const authMessage = `${bare},${serverFirst},${withoutProof}`;
    const signature = hmac(storedKey, authMessage);
    const proof = Buffer.from(proofText, 'base64');
    const clientKey = Buffer.from(proof.map((byte, index) => byte ^ (signature[index] ?? 0)));
    const expectedBinding = Buffer.concat([
      Buffer.from(header),
      header.startsWith('p=') ? (options.binding ?? Buffer.alloc(0)) : Buffer.alloc(0),
    ]);
    const isProven =
      createHash('sha512').update(clientKey).digest().equals(storedKey) &&
      nonce === nonceText &&
      Buffer.from(bindingText, 'base64').equals(expectedBinding);
    if (!isProven) return { response_type: 'AUTH_ERR' };
    const serverSignature = hmac(hmac(salted, 'Server Key'), authMessage);
    if (options.tamper === 'signature') serverSignature[63] = (serverSignature[63] ?? 0) ^ 1;
    return {
      response_type: 'SCRAM_RESPONSE',
      scram_type: 'SERVER_FINAL_RESPONSE',
      rfc_str:
        options.tamper === 'no-signature' ? 'e=other-error' : `v=${serverSignature.toString('base64')}`,
      user_info: { pw_name: 'monitor', privilege: { roles: { $set: ['READONLY_ADMIN'] } } },
    };
  }

  return {
    header: () => header,
    user: () => /n=([^,]*)/.exec(bare)?.[1] ?? '',
    answer: ({ scram_type, rfc_str }) =>
      scram_type === 'CLIENT_FIRST_MESSAGE' ? first(rfc_str) : final(rfc_str),
  };
}
