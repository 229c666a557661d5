/** The toolset of users. */
import type { Toolset } from '../toolset.ts';

export const accounts: Toolset = {
  name: 'accounts',
  title: 'Accounts',
  about: 'Users of the NAS.',
  load: {
    create_user: async () => (await import('./create-user.ts')).createUser,
  },
};
