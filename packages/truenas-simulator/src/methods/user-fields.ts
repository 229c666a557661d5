/** What `user.create` and `user.update` take, by release. */
import * as z from 'zod';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, named, secret, text } from '../schema/schema.ts';

const MAX_ID = 90_000_000;
const commands = z.array(text({ min: 1 }));
const idmap = z.union([z.literal('DIRECT'), z.int().min(1).max(4_294_967_294)]).nullable();

/** Fields of both create and update. */
function shape(release: SimRelease) {
  const password = isAtLeast(release, '25.10') ? text({ min: 1 }) : text();
  return {
    username: text(),
    home: text({ min: 1 }),
    shell: text({ min: 1 }),
    full_name: text({ min: 1 }),
    smb: z.boolean(),
    ...(isAtLeast(release, '27.0') ? { webshare: z.boolean() } : {}),
    userns_idmap: idmap,
    group: z.int().nullable(),
    groups: z.array(z.int()),
    password_disabled: z.boolean(),
    ssh_password_enabled: z.boolean(),
    sshpubkey: text({ max: 65_536 }).nullable(),
    locked: z.boolean(),
    sudo_commands: commands,
    sudo_commands_nopasswd: commands,
    email: text().nullable(),
    home_create: z.boolean(),
    home_mode: text(),
    password: secret(password.nullable()),
    random_password: z.boolean(),
  };
}

const DEFAULTS: Readonly<Record<string, unknown>> = {
  ...{ home: '/var/empty', shell: '/usr/bin/zsh', smb: true, webshare: false, userns_idmap: null },
  ...{ group: null, groups: [], password_disabled: false, ssh_password_enabled: false, sshpubkey: null },
  ...{ locked: false, sudo_commands: [], sudo_commands_nopasswd: [], email: null, home_create: false },
  ...{ home_mode: '700', password: null, random_password: false },
};

/** What `user.create` takes. */
export function createModel(release: SimRelease): z.ZodType {
  const fields = Object.entries(shape(release)).map(([key, schema]): [string, z.ZodType] => [
    key,
    key in DEFAULTS ? (schema as z.ZodType).default(DEFAULTS[key]) : schema,
  ]);
  return model('UserCreate', {
    uid: z.int().min(0).max(MAX_ID).nullable().default(null),
    ...Object.fromEntries(fields),
    group_create: z.boolean().default(false),
  });
}

/** What `user.update` takes. */
export function updateModel(release: SimRelease): z.ZodType {
  return named('UserUpdate', model('UserUpdate', shape(release)).partial());
}

/** Options of `user.delete`. */
export const DELETE_OPTIONS = model('UserDeleteOptions', { delete_group: z.boolean().default(true) });

/** Fields of a user as create and update get them. */
export interface UserChanges {
  readonly uid?: number | null;
  readonly username?: string;
  readonly home?: string;
  readonly home_create?: boolean;
  readonly home_mode?: string;
  readonly shell?: string;
  readonly full_name?: string;
  readonly smb?: boolean;
  readonly group?: number | null;
  readonly groups?: number[];
  readonly password_disabled?: boolean;
  readonly ssh_password_enabled?: boolean;
  readonly sshpubkey?: string | null;
  readonly locked?: boolean;
  readonly sudo_commands?: string[];
  readonly sudo_commands_nopasswd?: string[];
  readonly email?: string | null;
  readonly password?: string | null;
  readonly random_password?: boolean;
  readonly group_create?: boolean;
}
