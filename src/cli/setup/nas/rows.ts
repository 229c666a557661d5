/** Rows of accounts as the set-up reads them; what has an odd form stops it. */
import * as z from 'zod';
import { type Filter, query, type ReadClient, TrueNasError } from '../../../truenas/index.ts';

/** `group.query`. */
export const GROUP = z.object({
  id: z.int(),
  gid: z.int(),
  name: z.string(),
  builtin: z.boolean(),
  sudo_commands: z.array(z.string()).default([]),
  sudo_commands_nopasswd: z.array(z.string()).default([]),
  users: z.array(z.int()),
});
/** `user.query`. */
export const USER = z.object({
  id: z.int(),
  username: z.string(),
  full_name: z.string(),
  builtin: z.boolean(),
  locked: z.boolean(),
  password_disabled: z.boolean(),
  group: z.object({ id: z.int(), bsdgrp_gid: z.int() }),
  groups: z.array(z.int()),
});
/** `privilege.query`. */
export const PRIVILEGE = z.object({
  id: z.int(),
  name: z.string(),
  builtin_name: z.string().nullable(),
  local_groups: z.array(z.object({ gid: z.int() })),
  ds_groups: z.array(z.unknown()),
  roles: z.array(z.string()),
  web_shell: z.boolean(),
});
/** `api_key.query`. */
export const KEY = z.object({
  id: z.int(),
  name: z.string(),
  username: z.string().nullable(),
  revoked: z.boolean().default(false),
});
/** `privilege.roles`. */
export const ROLE = z.object({ name: z.string(), includes: z.array(z.string()) });

export type Group = z.output<typeof GROUP>;
export type User = z.output<typeof USER>;
export type Privilege = z.output<typeof PRIVILEGE>;
export type Key = z.output<typeof KEY>;

/** Rows of a query method. @throws TrueNasError, `odd-answer` for a form that is not known */
export async function rowsOf<Row>(
  read: ReadClient,
  method: string,
  row: z.ZodType<Row>,
  filters: readonly Filter[] = [],
): Promise<Row[]> {
  const answer = z.array(row).safeParse(await read.call(method, query({ filters })));
  if (answer.success) return answer.data;
  throw new TrueNasError('odd-answer', {
    summary: `${method} answers in a form that this program does not know.`,
    nextStep:
      'Make the user, its privilege and the key in the web interface, and give the key to setup instead.',
    method,
  });
}
