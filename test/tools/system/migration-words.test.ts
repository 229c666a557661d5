/** What in a command is at home on FreeBSD, or calls an API that the way drops. */
import { describe, expect, test } from 'vitest';
import { goneCalls } from '../../../src/tools/system/migration/api-words.ts';
import { isOldCore } from '../../../src/tools/system/migration/hardware.ts';
import { freebsdWords } from '../../../src/tools/system/migration/freebsd-words.ts';
import { releaseNamed } from '../../../src/tools/system/upgrade-steps.ts';

describe('a command of FreeBSD', () => {
  test.each([
    ['camcontrol devlist', ['camcontrol']],
    ['/sbin/gpart backup ada0 > /mnt/tank/p', ['gpart']],
    ['zpool status; iocage list|mail x', ['iocage']],
    ['GELI attach', ['geli']],
    ['/usr/local/bin/rsync -a /mnt/a /mnt/b', ['/usr/local/']],
    ['smartctl -a /dev/ada0', ['/dev/ada0']],
    ['dd if=/dev/da12 of=/dev/null', ['/dev/da12']],
    ['sh /root/bin/report.sh', ['a file in /root']],
    ['"/etc/own.sh"', ['a file in /etc']],
    ['/sbin/shutdown -p now', ['shutdown -p']],
    ['shutdown -o -p now', ['shutdown -p']],
  ])('%s has %j', (command, found) => expect(freebsdWords(command)).toEqual(found));

  test.each([
    ['zfs snapshot tank@now'],
    ['sh /mnt/tank/scripts/geli-notes.sh'],
    ['echo my-pkg.txt jailed mypkg pkg-config'],
    ['smartctl -a /dev/sda'],
    ['/mnt/tank/bin/pkgs'],
    ['shutdown -h now'],
    ['curl https://example.org/root/x'],
    [''],
  ])('%s has nothing', (command) => expect(freebsdWords(command)).toEqual([]));

  test('long ones are looked through at once', () => {
    expect(
      freebsdWords(
        `${'/'.repeat(50_000)} ${'a/'.repeat(50_000)} ${'-'.repeat(50_000)} ${'('.repeat(50_000)}`,
      ),
    ).toEqual([]);
  });
});

describe('a call of the API', () => {
  const way = (from: string, to: string) => ({ from: releaseNamed(from), to: releaseNamed(to) });
  test.each([
    ['midclt call pool.unlock 1', '13.3', '25.10', ['pool.unlock']],
    ['midclt call smart.test.query', '24.10', '25.10', ['smart.test.query']],
    ['midclt call "zfs.snapshot.create"', '25.04', '25.10', ['zfs.snapshot.create']],
    ['midclt -q call -j service.restart cifs', '25.10', '27', ['service.restart']],
    ['midclt call update.check_available', '24.10', '25.04', []],
    ['midclt call pool.query', '13.3', '27', []],
    ['curl http://nas/api/v2.0/pool', '25.10', '27', ['REST']],
    ['curl http://nas/api/v2.0/pool', '13.3', '25.10', []],
    ['midclt call service.restart cifs', '27.0', '28', []],
  ])('%s on the way from %s to %s: %j', (command, from, to, gone) =>
    expect(goneCalls(command, way(from, to))).toEqual(gone),
  );

  test('long ones are looked through at once', () => {
    expect(goneCalls(`midclt ${'-a '.repeat(50_000)}`, way('13.3', '27'))).toEqual([]);
  });
});

test.each([
  ['TrueNAS-13.0-U6.7', false],
  ['TrueNAS-13.0-U6.10', false],
  ['TrueNAS-13.0-U7', false],
  ['TrueNAS-13.0-U6', true],
  ['TrueNAS-13.0-U5.3', true],
  ['TrueNAS-13.0-RELEASE', true],
  ['TrueNAS-13.3-U1.2', false],
  ['TrueNAS-13.3-U1.1', true],
  ['TrueNAS-13.3-RELEASE', true],
  ['TrueNAS-12.0-U8.1', true],
  ['TrueNAS-13.5-U1', null],
])('%s is an old version of CORE: %j', (version, isOld) => {
  expect(isOldCore(releaseNamed(version))).toBe(isOld);
});
