/** What a table of shares must not hide: shares that are enabled and cannot be reached all the same. */
import { expect, test } from 'vitest';
import { TrueNasError } from '../../src/truenas/errors.ts';
import type { ReadClient, WireValue } from '../../src/truenas/index.ts';
import { runTool, toolNamed, useTools } from '../support/tools.ts';

const bench = useTools();

/** A NAS with one SMB share, and these answers. */
function nasWith(share: Record<string, WireValue>, services: WireValue | Error): ReadClient {
  const answers: Record<string, WireValue | Error> = {
    'sharing.smb.query': [{ id: 1, name: 'media', path: '/mnt/tank/media', enabled: true, ...share }],
    'service.query': services,
  };
  return {
    release: async () => ({ family: '25.10', version: 'TrueNAS-25.10.1' }),
    has: async (method) => method === 'sharing.smb.query',
    call: async (method) => {
      const answer = answers[method] ?? [];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
}

const list = async (nas: ReadClient, args = {}): Promise<string> =>
  (await runTool(nas, toolNamed('list_shares'), args)).text;
const running = [{ service: 'cifs', state: 'RUNNING' }];
const stopped = [{ service: 'cifs', state: 'STOPPED' }];

test('a share on a locked dataset is marked; where none is locked there is no such column', async () => {
  const text = await list(nasWith({ locked: true }, running));
  expect(text).toMatch(/enabled +locked/u);
  expect(text).toMatch(/media .* yes +yes/u);
  expect(await list(nasWith({ locked: false }, running))).not.toContain('locked');
});

test('shares whose service does not run are named as not reachable', async () => {
  expect(await list(nasWith({}, stopped))).toContain(
    'NOT REACHABLE, as the service does not run: SMB (cifs STOPPED)',
  );
  expect(await list(nasWith({}, running))).not.toContain('NOT REACHABLE');
  expect(await list(nasWith({ enabled: false }, stopped))).not.toContain('NOT REACHABLE');
});

test('a key that may not see services still sees shares', async () => {
  const denied = new TrueNasError('not-authorized', {
    summary: 'Not authorized.',
    nextStep: 'Use another key.',
  });
  expect(await list(nasWith({}, denied))).toMatch(/^1 share\n/u);
});

test.each<[string, Record<string, unknown>, string]>([
  ['no group, so that no portal offers it', { groups: [] }, 'none, no portal'],
  [
    'networks of its own, which an initiator must be in',
    { groups: [{ portal: 1, initiator: null, authmethod: 'NONE' }], auth_networks: ['192.0.2.0/24'] },
    'any; from 192.0.2.0/24',
  ],
])('an iSCSI target with %s', async (_, target, clients) => {
  const nas = {
    ...bench.nas,
    call: async (...[method, params, options]: Parameters<typeof bench.nas.call>) =>
      method === 'iscsi.target.query'
        ? [{ id: 1, name: 'lab', ...target } as WireValue]
        : bench.nas.call(method, params, options),
  };
  const { data } = await runTool(nas, toolNamed('list_shares'), { kind: 'iscsi' });
  expect(data.rows).toMatchObject([{ name: 'lab', clients }]);
});
