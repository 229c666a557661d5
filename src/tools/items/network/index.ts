/** Kinds of the toolset `network`. */
import type { Kind } from '../kind.ts';
import { interfaceKind } from './interface.ts';
import { ipmi } from './ipmi.ts';
import { network } from './network.ts';
import { route } from './route.ts';

export const KINDS: readonly Kind[] = [interfaceKind, route, network, ipmi];
