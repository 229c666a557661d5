/** `doctor` on releases before 25.04. */
import { expect, it } from 'vitest';
import { API_KEY } from '../../truenas/support/client.ts';
import { legacyPeerForTest } from '../../truenas/support/legacy-peer.ts';
import { diagnose, named } from './support.ts';

const PLAIN = ['--dangerously-allow-plaintext-to-loopback-for-tests'];

it.each([
  [
    'CORE',
    /TrueNAS CORE 13\.3-U1\.2, over the protocol before JSON-RPC/,
    /Every API key of TrueNAS CORE is root/,
  ],
  ['SCALE', /TrueNAS SCALE 24\.10\.2\.4, over the protocol before JSON-RPC/, /allow list instead of roles/],
] as const)(
  'tells the release and the protocol of %s, and what its key may do',
  async (product, release, rights) => {
    const peer = await legacyPeerForTest({ product });
    const { checks } = await diagnose({ TRUENAS_URL: peer.url, TRUENAS_API_KEY: API_KEY }, PLAIN);
    expect(named(checks, 'failed')).toEqual([]);
    const text = (name: string) => checks.find((check) => check.name === name)?.text;
    expect(text('HTTP')).toMatch(/before 25\.04/);
    expect(text('release')).toMatch(release);
    expect(text('roles')).toMatch(rights);
    expect(peer.methods().filter((method) => method.startsWith('auth.'))).toEqual([
      'auth.login_with_api_key',
    ]);
  },
);
