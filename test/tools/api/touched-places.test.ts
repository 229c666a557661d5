/** Places of a generic change, on a NAS with links. */
import { expect, it } from 'vitest';
import { TrueNasError } from '../../../src/truenas/errors.ts';
import type { ReadClient } from '../../../src/truenas/client.ts';
import { touchedPlaces } from '../../../src/tools/api/touched-places.ts';
import { startPlannedNas } from '../../changes/support/planned.ts';

it.each(['to@documents', 'to#documents'])(
  'a link named %s reaches the dataset that it leads to',
  async (link) => {
    const { nas } = await startPlannedNas();
    const path = `/mnt/tank/media/${link}`;
    // The simulated NAS has no links of its own.
    const linked: ReadClient = {
      ...nas.read,
      call: async (method, params, options) => {
        if (method !== 'filesystem.stat') return nas.read.call(method, params, options);
        if (params?.[0] === path) return { realpath: '/mnt/tank/documents' };
        if (params?.[0] === '/mnt/tank/media') return { realpath: '/mnt/tank/media' };
        throw new TrueNasError('not-found', { summary: 'It is not there.', nextStep: 'Look.' });
      },
    };
    const call = {
      method: 'sharing.nfs.create',
      params: [{ path }],
      row: undefined,
      thing: 'new sharing.nfs',
    };
    const { targets } = await touchedPlaces(linked, call);
    expect(targets.map(({ dataset }) => dataset)).toContain('tank/documents');
  },
);
