/** `sharing.webshare.*` and `webshare.config` (27.0): shares for browsers. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isLocked } from '../world/datasets.ts';
import { ONLY_27_0, readable } from './common.ts';

const roles = ['SHARING_WEBSHARE_READ'];

export const WEBSHARE_METHODS: readonly SimMethod[] = [
  ...readable({
    namespace: 'sharing.webshare',
    entity: 'SharingWebshare',
    what: 'shares for browsers',
    releases: ONLY_27_0,
    roles,
    rows: ({ world }: MethodContext) =>
      world.webshares.rows().map(({ id, name, dataset, relative_path: below, ...rest }) => {
        const held = world.datasets.get(dataset);
        return {
          ...{ id, name, path: ['/mnt', dataset, below].filter(Boolean).join('/'), dataset },
          ...{ relative_path: below, ...rest },
          ...{ locked: held === undefined ? null : isLocked(held), tier: null },
        };
      }),
  }),
  {
    name: 'webshare.config',
    description: 'Settings of webshare.',
    releases: ONLY_27_0,
    roles,
    run: ({ world }: MethodContext) => world.settings['webshare'],
  },
];
