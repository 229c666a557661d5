/** A refusal because a role is missing names the role that suffices, and the page where it is added. */
import { describe, expect, it } from 'vitest';
import { ANY_READABLE } from '../../src/access/reader.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';
import { problemText } from '../../src/output/problem.ts';
import { accessTo } from '../support/access.ts';
import { nasForTest } from '../truenas/support/nas.ts';
import { clientForTest, peerForTest, problemOf } from '../truenas/support/client.ts';
import { NOT_AUTHORIZED } from '../truenas/support/peer.ts';

const { signal } = new AbortController();

/** The text for a read that an account without any role tries. */
async function refusedRead(release: '25.04' | '27.0', method: string, params: unknown[] = []) {
  const { nas } = await nasForTest({ release, roles: ['ALERT_LIST_READ'] });
  const access = accessTo(async () => nas.read, createRedactor({ ownSecrets: [] }));
  const read = await access.reader({ system: 'nas', caller: CALLER, uses: [method], signal });
  return problemText(await problemOf(read.call(method, params)));
}

const CALLER = { id: 'caller' } as const;

describe('a read without its role', () => {
  it.each([
    ['25.04', 'disk.query', 'DISK_READ'],
    ['27.0', 'disk.query', 'DISK_READ'],
    // Called by another name there.
    ['25.04', 'pool.snapshot.query', 'SNAPSHOT_READ'],
    ['27.0', 'container.image.query_registry', 'CONTAINER_IMAGE_WRITE'],
  ] as const)('on %s of %s names %s and the page', async (release, method, role) => {
    const text = await refusedRead(release, method);
    expect(text).toContain(`The account may not call `);
    expect(text).toContain(`the role ${role}: Credentials > Groups > Privileges.`);
  });

  it('that 25.04 grants to FULL_ADMIN alone says so beside the role of later releases', async () => {
    const text = await refusedRead('25.04', 'interface.websocket_local_ip');
    expect(text).toContain('NETWORK_INTERFACE_READ');
    expect(text).toContain('this release grants it to FULL_ADMIN alone');
    expect(await refusedRead('27.0', 'disk.query')).not.toContain('FULL_ADMIN');
  });

  it('of a method that nothing is known of says that the role is not known', async () => {
    const peer = await peerForTest({
      script: (call) => (call.method === 'thing.query' ? call.error(NOT_AUTHORIZED) : 'unhandled'),
    });
    const access = accessTo(async () => clientForTest(peer.url).read, createRedactor({ ownSecrets: [] }));
    const read = await access.reader({ system: 'nas', caller: CALLER, uses: ['thing.query'], signal });
    const text = problemText(await problemOf(read.call('thing.query')));
    expect(text).toContain('The role that grants it is not known');
    expect(text).toContain('Credentials > Groups > Privileges');
  });

  it('names what the NAS itself published, where this program knows none', async () => {
    const thing = { roles: ['READONLY_ADMIN', 'THING_READ'], job: false, accepts: [], returns: [] };
    const peer = await peerForTest({
      script(call) {
        if (call.method === 'core.get_services') return call.result({ thing: { type: 'service' } });
        if (call.method === 'core.get_methods') return call.result({ 'thing.query': thing });
        return call.method === 'thing.query' ? call.error(NOT_AUTHORIZED) : 'unhandled';
      },
    });
    const access = accessTo(async () => clientForTest(peer.url).read, createRedactor({ ownSecrets: [] }));
    const read = await access.reader({ system: 'nas', caller: CALLER, uses: ANY_READABLE, signal });
    const text = problemText(await problemOf(read.call('thing.query')));
    expect(text).toContain('the role THING_READ: Credentials > Groups > Privileges.');
  });

  it('what a method itself refuses names no role: having it would change nothing', async () => {
    const own = {
      ...NOT_AUTHORIZED,
      data: { ...NOT_AUTHORIZED.data, reason: '[EACCES] Permission denied: /x' },
    };
    const peer = await peerForTest({
      script: (call) => (call.method === 'disk.query' ? call.error(own) : 'unhandled'),
    });
    const access = accessTo(async () => clientForTest(peer.url).read, createRedactor({ ownSecrets: [] }));
    const read = await access.reader({ system: 'nas', caller: CALLER, uses: ['disk.query'], signal });
    expect(problemText(await problemOf(read.call('disk.query')))).not.toContain('DISK_READ');
  });
});
