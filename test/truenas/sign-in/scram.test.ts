import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tlsServerEndPoint } from '../../../src/truenas/sign-in/channel-binding.ts';
import { createKeyDerivation, splitApiKey, startScram } from '../../../src/truenas/sign-in/scram.ts';
import * as certificates from '../support/certificates.ts';
import { problemOf } from '../support/client.ts';
import { createScramServer } from '../support/scram-server.ts';

const PASSWORD = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789xy';
const derive = createKeyDerivation(PASSWORD);

describe('SCRAM-SHA-512', () => {
  it('the messages are those that RFC 5802 computes for these inputs', async () => {
    const clientNonce = Buffer.alloc(32, 1);
    const serverNonce = Buffer.alloc(32, 2);
    const salt = Buffer.alloc(16, 3);
    const exchange = startScram('monitor', '7', derive, undefined, clientNonce);
    const bare = `n=monitor:7,r=${clientNonce.toString('base64')}`;
    expect(exchange.clientFirst).toBe(`n,,${bare}`);

    const nonce = Buffer.concat([clientNonce, serverNonce]).toString('base64');
    const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=50000`;
    const withoutProof = `c=biws,r=${nonce}`;
    const authMessage = `${bare},${serverFirst},${withoutProof}`;
    // SaltedPassword := Hi(password, salt, i), by the RFC's own definition for one block: U1 xor U2 xor … xor Ui.
    let block = createHmac('sha512', PASSWORD)
      .update(Buffer.concat([salt, Buffer.from([0, 0, 0, 1])]))
      .digest();
    const salted = Buffer.from(block);
    for (let round = 2; round <= 50_000; round += 1) {
      block = createHmac('sha512', PASSWORD).update(block).digest();
      for (let index = 0; index < 64; index += 1) salted[index] = (salted[index] ?? 0) ^ (block[index] ?? 0);
    }
    const clientKey = createHmac('sha512', salted).update('Client Key').digest();
    const storedKey = createHash('sha512').update(clientKey).digest();
    const signature = createHmac('sha512', storedKey).update(authMessage).digest();
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));

    expect(await exchange.answer(serverFirst)).toBe(`${withoutProof},p=${proof.toString('base64')}`);
    const serverKey = createHmac('sha512', salted).update('Server Key').digest();
    const verifier = createHmac('sha512', serverKey).update(authMessage).digest();
    expect(exchange.isServerProven(`v=${verifier.toString('base64')}`)).toBe(true);
    verifier[0] = (verifier[0] ?? 0) ^ 1;
    expect(exchange.isServerProven(`v=${verifier.toString('base64')}`)).toBe(false);
    expect(exchange.isServerProven(`v=${verifier.subarray(0, 32).toString('base64')}`)).toBe(false);
    expect(exchange.isServerProven('e=invalid-proof')).toBe(false);
  });

  it('a server that was told nothing yet is not proven', () => {
    expect(startScram('monitor', '7', derive, undefined).isServerProven('v=AAAA')).toBe(false);
  });

  it.each([
    ['a nonce that is not ours', `r=${randomBytes(64).toString('base64')},s=AAAA,i=50000`, 'nonce'],
    ['too few iterations', '@,s=AAAA,i=49999', 'iterations'],
    ['too many iterations', '@,s=AAAA,i=5000001', 'iterations'],
    ['no salt', '@,i=50000', 'malformed'],
    [
      'a nonce without a part of the server',
      `r=${Buffer.alloc(32, 1).toString('base64')},s=AAAA,i=50000`,
      'nonce',
    ],
    ['an extension', 'm=x,@,s=AAAA,i=50000', 'malformed'],
  ])('%s is refused before anything of the key is used', async (_name, template, reason) => {
    const clientNonce = Buffer.alloc(32, 1);
    const nonce = Buffer.concat([clientNonce, randomBytes(32)]).toString('base64');
    const exchange = startScram('monitor', '7', () => expect.unreachable(), undefined, clientNonce);
    const problem = await problemOf(exchange.answer(template.replace('@', `r=${nonce}`)));
    expect(problem).toMatchObject({ kind: 'signin', reason: 'server-unproven' });
    expect(problem.message).toContain(reason);
  });

  it('both sides agree with channel binding, and not when it is another certificate', async () => {
    const binding = randomBytes(32);
    const server = createScramServer({ password: PASSWORD, binding });
    const run = async (own: Buffer) => {
      const exchange = startScram('monitor', '7', derive, own);
      const first = server.answer({ scram_type: 'CLIENT_FIRST_MESSAGE', rfc_str: exchange.clientFirst });
      return server.answer({
        scram_type: 'CLIENT_FINAL_MESSAGE',
        rfc_str: await exchange.answer(String(first.rfc_str)),
      });
    };
    expect(await run(binding)).toMatchObject({ scram_type: 'SERVER_FINAL_RESPONSE' });
    expect(server.header()).toBe('p=tls-server-end-point,,');
    expect(await run(randomBytes(32))).toEqual({ response_type: 'AUTH_ERR' });
  });

  it('keys are derived once per salt and iterations', async () => {
    const own = createKeyDerivation('password');
    const salt = randomBytes(16);
    const [first, second] = await Promise.all([own(salt, 50_000), own(Buffer.from(salt), 50_000)]);
    expect(second).toBe(first);
    expect((await own(salt, 50_001)).clientKey).not.toEqual(first.clientKey);
    const salted = pbkdf2Sync('password', salt, 50_000, 64, 'sha512');
    expect(first.serverKey).toEqual(createHmac('sha512', salted).update('Server Key').digest());
  });

  it.each(['a,b', 'a=b'])('the user name %s is refused, because the wire cannot carry it', (name) => {
    expect(() => startScram(name, '7', derive, undefined)).toThrow(/user name/);
  });

  it.each(['', 'abcdef', '-abcdef', '7-', 'x7-abcdef'])('"%s" is not an API key', (key) => {
    expect(() => splitApiKey(key)).toThrow(expect.objectContaining({ reason: 'unusable-key' }));
  });

  it('an API key is split at its first dash, and the error for a bad one does not repeat it', () => {
    expect(splitApiKey('12-a-b')).toEqual({ id: '12', secret: 'a-b' });
    expect(() => splitApiKey('not-a-key')).toThrow(/^(?!.*not-a-key)/);
  });
});

describe('tls-server-end-point', () => {
  it.each([
    ['RSA with SHA-256', certificates.rsaSha256, 'sha256'],
    ['RSA with SHA-1', certificates.rsaSha1, 'sha256'],
    ['RSA with SHA-512', certificates.rsaSha512, 'sha512'],
    ['RSA-PSS with SHA-384', certificates.pssSha384, 'sha384'],
    ['RSA-PSS without a named hash', certificates.pssDefault, 'sha256'],
    ['ECDSA with SHA-384', certificates.ecdsaSha384, 'sha384'],
  ])('a certificate signed by %s is hashed as its signature is', (_name, base64, hash) => {
    const der = Buffer.from(base64, 'base64');
    expect(tlsServerEndPoint(der)).toEqual(createHash(hash).update(der).digest());
  });

  it('has no value where the signature has no single hash, or for what is no certificate', () => {
    expect(tlsServerEndPoint(Buffer.from(certificates.ed25519, 'base64'))).toBeUndefined();
    expect(tlsServerEndPoint(Buffer.from('3082', 'hex'))).toBeUndefined();
    expect(tlsServerEndPoint(Buffer.alloc(100, 0x30))).toBeUndefined();
  });
});
