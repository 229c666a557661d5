/** `auth.twofactor.*`: whether sign-in asks for a second factor. */
import * as z from 'zod';
import type { SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { model } from '../schema/schema.ts';
import { configService } from './config-service.ts';
import { required } from './crud.ts';

const services = model('TwoFactorAuthServices', { ssh: z.boolean().default(false) });

export const TWO_FACTOR_METHODS: readonly SimMethod[] = configService({
  namespace: 'auth.twofactor',
  entity: 'TwoFactorAuth',
  roles: ['SYSTEM_SECURITY_READ'],
  writeRoles: ['SYSTEM_SECURITY_WRITE'],
  audited: 'Update two-factor authentication service configuration',
  param: 'auth_twofactor_update',
  fields: (release) => ({
    enabled: required(z.boolean()),
    services: required(services),
    window: required(isAtLeast(release, '25.10') ? z.int().min(0) : z.int()),
  }),
  // Sign-in reads it from the accounts, which outlive an upgrade.
  show: ({ accounts }, stored) => ({ ...stored, enabled: accounts.security.isTwoFactorEnabled }),
  kept({ accounts }, { enabled }) {
    const { security } = accounts;
    security.isTwoFactorEnabled = enabled === true;
    // Level 2 stands on the second factor.
    if (!security.isTwoFactorEnabled) security.level = 1;
  },
});
