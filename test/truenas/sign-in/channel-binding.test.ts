/** SCRAM over TLS with a certificate that allows no channel binding. */
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/truenas/connection/tls.ts';
import { API_KEY, clientForTest, peerForTest, problemOf } from '../support/client.ts';
import { ed25519ForServer } from '../support/certificates.ts';
import { createScramServer } from '../support/scram-server.ts';

/** A TrueNAS 27 whose certificate has no single hash. */
async function unboundPeer() {
  const tls = ed25519ForServer();
  const server = createScramServer({ password: API_KEY.slice(2) });
  const peer = await peerForTest({
    tls,
    script(call) {
      if (call.method === 'auth.mechanism_choices') return call.result(['API_KEY_PLAIN', 'SCRAM']);
      if (call.method !== 'auth.login_ex') return 'unhandled';
      call.result(server.answer(call.params[0] as { scram_type: string; rfc_str: string }));
    },
  });
  return { peer, fingerprint: fingerprintOf(new X509Certificate(tls.cert).raw) };
}

describe('a certificate that allows no channel binding', () => {
  it('will do where it is trusted', async () => {
    const { peer, fingerprint } = await unboundPeer();
    const nas = clientForTest(peer.url, { tls: { fingerprintSha256: fingerprint } });
    expect(await nas.read.call('core.ping')).toBe('pong');
    expect(nas.status()).toMatchObject({ mechanism: 'SCRAM' });
  });

  it('could be that of somebody in between where nothing is verified: no proof is given', async () => {
    const { peer } = await unboundPeer();
    const nas = clientForTest(peer.url, { tls: { isInsecure: true } });
    const problem = await problemOf(nas.read.call('core.ping'));
    expect(problem).toMatchObject({ kind: 'signin', reason: 'server-unproven' });
    expect(problem.message).toContain('no channel binding');
    expect(peer.callsOf('auth.login_ex')).toHaveLength(0);
  });
});
