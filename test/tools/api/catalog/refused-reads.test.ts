/** A read that is refused again and again must not cost the NAS each time. */
import { expect, it } from 'vitest';
import { readableClient } from '../../../../src/access/readable-client.ts';
import { NOT_AUTHORIZED, type PeerCall } from '../../../truenas/support/peer.ts';
import { clientForTest, peerForTest, problemOf } from '../../../truenas/support/client.ts';

it('a read that this account may not make does not cost the catalog each time', async () => {
  const script = (call: PeerCall) => {
    if (call.method === 'core.get_services') return call.result({ disk: { type: 'service', config: {} } });
    if (call.method === 'core.get_methods')
      return call.result({
        'disk.get_thing': { accepts: [], returns: [], roles: ['DISK_READ', 'READONLY_ADMIN'] },
      });
    if (call.method === 'disk.get_thing') return call.error(NOT_AUTHORIZED);
    return 'unhandled';
  };
  const peer = await peerForTest({ script });
  const readable = readableClient(clientForTest(peer.url).read);
  for (let turn = 0; turn < 10; turn += 1) await problemOf(readable.call('disk.get_thing'));
  expect(peer.callsOf('core.get_methods').length).toBeLessThan(4);
});
