/** Kinds of the toolset `accounts`. */
import type { Kind } from '../kind.ts';
import { apiKey } from './api-key.ts';
import { group } from './group.ts';
import { privilege } from './privilege.ts';
import { session } from './session.ts';
import { user } from './user.ts';

export const KINDS: readonly Kind[] = [user, group, privilege, apiKey, session];
