/** What only TrueNAS CORE has: jails, plugins, AFP and WebDAV. */
import { describe, expect, it } from 'vitest';
import { useTools } from '../../support/tools.ts';

describe.each(['core-13.0', 'core-13.3'] as const)('on %s', (release) => {
  const core = useTools({ release });

  it('jails are told with their release, state and addresses', async () => {
    expect(await core.ask('list_items jail', { kind: 'jail' })).toMatchInlineSnapshot(`
      "3 jails
      name       state  boot  release          type      ip4            ip6
      build      down   no    12.4-RELEASE-p1  jail      DHCP           -
      media      up     yes   13.3-RELEASE-p1  jail      192.0.2.50/24  -
      nextcloud  up     yes   13.3-RELEASE-p1  pluginv2  192.0.2.51/24  -"
    `);
    const one = await core.ask('get_item jail', { kind: 'jail', id: 'media' });
    expect(one).toMatch(/ip4: 192\.0\.2\.50\/24/);
    expect(one).toMatch(
      /mounts:?\s+not read: the method that tells what is mounted in a jail also changes it/,
    );
  });

  it('a jail that is not there is told with those of names near it', async () => {
    const text = await core.ask('get_item jail', { kind: 'jail', id: 'medai' });
    expect(text).toContain('"id" names none of the jails: medai; did you mean "media"?');
  });

  it('plugins are told with their program, its version and where its web interface is', async () => {
    expect(await core.ask('list_items plugin', { kind: 'plugin' })).toMatchInlineSnapshot(`
      "1 plugin
      name       plugin     version  state  boot  release       ip4         portals
      nextcloud  nextcloud  29.0.4   up     yes   13.3-RELEASE  192.0.2.51  http://192.0.2.51/"
    `);
    const one = await core.ask('get_item plugin', { kind: 'plugin', id: 'nextcloud' });
    expect(one).not.toContain('plugin_info');
  });

  it('AFP and WebDAV shares are shares', async () => {
    expect(await core.ask('list_shares', { kind: 'afp' })).toMatchInlineSnapshot(`
      "2 shares
      kind  name          path               enabled  clients  comment
      afp   Media         /mnt/tank/media    yes      any      -
      afp   Time Machine  /mnt/tank/.system  yes      any      -"
    `);
    expect(await core.ask('list_shares', { kind: 'webdav' })).toMatchInlineSnapshot(`
      "1 share
      kind    name       path               enabled  clients  comment
      webdav  documents  /mnt/tank/.system  yes      any      for the tablets"
    `);
    expect(await core.ask('get_share', { share: 'Time Machine' })).toMatchInlineSnapshot(`
      "AFP share Time Machine (id 1)
      path: /mnt/tank/.system
      enabled: yes
      hosts allowed: any
      accounts allowed: any
      Time Machine: yes
      on later releases: AFP is on TrueNAS CORE alone; SMB takes its place, Time Machine included
      service: RUNNING, starts at boot"
    `);
    expect(await core.ask('get_share', { share: '1', kind: 'webdav' })).toMatch(
      /^password: one for everybody/m,
    );
    expect(await core.ask('list_shares', {})).toMatch(/^afp +Time Machine/m);
  });
});

describe.each(['24.10', '25.10'] as const)('on %s', (release) => {
  const later = useTools({ release });

  it.each(['jail', 'plugin'])('a %s is told to be what is gone, with what takes its place', async (kind) => {
    const text = await later.ask(`list_items ${kind}`, { kind });
    expect(text).toContain(`TrueNAS ${release} has no ${kind}s (it lacks ${kind}.query)`);
    expect(text).toContain('list_items {"kind":"app"}');
  });

  it.each([
    ['afp', 'SMB takes its place'],
    ['webdav', 'an app takes its place'],
  ])('shares by %s are told to be what is gone, with what takes their place', async (kind, instead) => {
    expect(await later.ask('list_shares', { kind })).toContain(instead);
  });

  it('nothing is said of them where nobody asks', async () => {
    expect(await later.ask('list_shares', {})).not.toMatch(/AFP|WebDAV/);
  });
});
