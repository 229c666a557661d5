/** The answer of `auth.me`. */
import type { MethodContext } from '../calls/method.ts';
import type { UserRow } from './accounts.ts';
import type { AllowlistItem } from './account-store.ts';
import { userSid } from './sids.ts';
import type { Credential } from '../session/session-state.ts';

/** Who is signed in, in the NAS's words; `privilege.roles` is a set. */
export function userInfo(context: MethodContext, credential: Credential): Record<string, unknown> {
  const { accounts, session } = context;
  const { user } = credential;
  const privilege = session.privilege ?? accounts.privilegeOf(user);
  return {
    pw_name: user.username,
    pw_gecos: user.full_name,
    pw_dir: user.home,
    pw_shell: user.shell,
    pw_uid: user.uid,
    pw_gid: accounts.groups.get(user.groupId)?.gid ?? user.uid,
    grouplist: null,
    sid: userSid(context.world, user),
    source: 'LOCAL',
    local: true,
    attributes: user.attributes,
    two_factor_config: {
      provisioning_uri: null,
      secret_configured: user.otpSecret !== null,
      interval: 30,
      otp_digits: 6,
    },
    privilege: {
      roles: new Set(privilege.roles),
      allowlist: privilege.allowlist.length > 0 ? privilege.allowlist : allowlist(context),
      web_shell: privilege.web_shell,
      webui_access: privilege.webui_access,
    },
    account_attributes: attributesOf(user, credential),
  };
}

function allowlist({ internals, session }: MethodContext): AllowlistItem[] {
  const items: AllowlistItem[] = [];
  for (const method of internals.methods.values()) {
    if ((method.auth ?? 'role') !== 'role' || !internals.mayCall(session, method)) continue;
    items.push({ method: 'CALL', resource: method.name });
    if (method.filterable === true) items.push({ method: 'SUBSCRIBE', resource: method.name });
  }
  return items;
}

function attributesOf(user: UserRow, credential: Credential): string[] {
  const attributes = ['LOCAL'];
  if (user.builtin || user.uid === 950) attributes.push('SYS_ADMIN');
  if (credential.type === 'API_KEY') attributes.push('API_KEY');
  if (credential.isScram === true) attributes.push('SCRAM');
  if (credential.type === 'LOGIN_TWOFACTOR') attributes.push('2FA');
  if (credential.type === 'LOGIN_ONETIME_PASSWORD') attributes.push('OTPW', 'PASSWORD_CHANGE_REQUIRED');
  return attributes;
}
