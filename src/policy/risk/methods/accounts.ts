/** Users, groups and privileges: whoever may change accounts is as good as root, so every change exposes. */
import { destroys, exposes, loses, reopens } from '../finding.ts';
import { type MethodRule, NOTHING, type Rule } from '../rule.ts';
import { custom, each, fields, flag, given, identity, members, setting, without } from '../rules.ts';

const sudo = members({
  added: exposes('commands may be run as root'),
  removed: loses('commands may no longer be run as root'),
});

/** A home folder: the NAS makes it, and hands what is there to the user. */
const home = given(exposes('the folder, with what is in it, goes to the user'));

const anyShell = given(exposes('the user may run programs on the NAS'));

/** A new user without a shell runs nothing. */
const shell: Rule = {
  ...anyShell,
  judge: (looked) =>
    looked.before === NOTHING && looked.value === '/usr/sbin/nologin' ? [] : anyShell.judge(looked),
};

const user: Readonly<Record<string, Rule>> = {
  ...each('uid username', identity),
  ...each('full_name email userns_idmap group_create home_create', setting),
  home,
  home_mode: custom(
    'executes',
    (value) => value === null || (typeof value === 'string' && /^0?[0-7]{3}$/.test(value)),
    () => [],
  ),
  shell,
  ...each(
    'smb webshare',
    flag({ on: reopens('the user may sign in'), off: loses('the user may no longer sign in') }),
  ),
  group: given(exposes('the user gets the rights of a group')),
  groups: members({
    added: exposes('the user gets the rights of more groups'),
    removed: loses('the user loses the rights of groups'),
  }),
  password_disabled: flag({
    off: reopens('the user may sign in with a password'),
    on: loses('the user may no longer sign in with a password'),
  }),
  ssh_password_enabled: flag({
    on: exposes('the user may sign in over SSH with a password'),
    off: loses('the user may no longer sign in over SSH with a password'),
  }),
  sshpubkey: {
    ...given(exposes('whoever has the key signs in as the user'), {
      cleared: loses('the user may no longer sign in with a key'),
    }),
    isText: true,
  },
  locked: flag({ off: reopens('the user may sign in again'), on: loses('the user may no longer sign in') }),
  ...each('sudo_commands sudo_commands_nopasswd', sudo),
  password: given(exposes('whoever knows the new password signs in as the user')),
  random_password: flag({ on: exposes('the user gets a password that the answer tells') }),
};

const group: Readonly<Record<string, Rule>> = {
  ...each('gid name', identity),
  ...each('smb userns_idmap', setting),
  ...each('sudo_commands sudo_commands_nopasswd', sudo),
  users: members({
    added: exposes('users get the rights of the group'),
    removed: loses('users lose the rights of the group'),
  }),
};

const privilege: Readonly<Record<string, Rule>> = {
  name: identity,
  local_groups: members({
    added: exposes('more groups may manage the NAS'),
    removed: loses('groups may no longer manage the NAS'),
  }),
  ds_groups: members({
    added: exposes('more groups may manage the NAS'),
    removed: loses('groups may no longer manage the NAS'),
  }),
  roles: members({ added: exposes('the groups may do more'), removed: loses('the groups may do less') }),
  web_shell: flag({
    on: exposes('the groups get a shell on the NAS'),
    off: loses('the groups lose their shell'),
  }),
};

export const ACCOUNTS: Readonly<Record<string, MethodRule>> = {
  'user.create': { risk: 'exposes', why: 'a new user may sign in', makes: true, params: [fields(user)] },
  'user.update': {
    risk: 'exposes',
    why: 'an account changes',
    params: [identity, fields(without(user, 'uid group_create'))],
  },
  'user.delete': {
    risk: 'destroys',
    why: 'the user may no longer sign in, and files keep only the number',
    params: [identity, fields({ delete_group: flag({ on: destroys('the group of the user goes too') }) })],
  },
  'group.create': {
    risk: 'exposes',
    why: 'a new group may be given rights',
    makes: true,
    params: [fields(group)],
  },
  'group.update': {
    risk: 'exposes',
    why: 'a group changes',
    params: [identity, fields(without(group, 'gid'))],
  },
  'group.delete': {
    risk: 'destroys',
    why: 'users lose the rights of the group',
    params: [
      identity,
      fields({ delete_users: flag({ on: destroys('all users of the group are deleted') }) }),
    ],
  },
  'privilege.create': {
    risk: 'exposes',
    why: 'groups may manage the NAS',
    makes: true,
    params: [fields(privilege)],
  },
  'privilege.update': {
    risk: 'exposes',
    why: 'who may manage the NAS changes',
    params: [identity, fields(privilege)],
  },
  'privilege.delete': { risk: 'destroys', why: 'groups may no longer manage the NAS', params: [identity] },
  'auth.twofactor.update': {
    risk: 'exposes',
    why: 'how people sign in changes',
    params: [
      fields({
        enabled: flag({
          off: loses('a sign-in no longer asks for a code'),
          on: loses('users without a code may no longer sign in'),
        }),
        window: setting,
        services: fields({ ssh: flag({ off: loses('SSH no longer asks for a code') }) }),
      }),
    ],
  },
};
