/** The toolset of users. */
import type { Toolset } from '../toolset.ts';

export const accounts: Toolset = {
  name: 'accounts',
  title: 'Accounts',
  about: 'Users of the NAS, and what they may do.',
  load: {
    access_review: async () => (await import('./access-review.ts')).accessReview,
    create_user: async () => (await import('./create-user.ts')).createUser,
  },
};
