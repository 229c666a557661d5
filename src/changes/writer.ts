/** What the executor needs of a write connection. Nothing outside this folder holds one. */
import type { WriteSessions } from '../systems/write-sessions.ts';

/** Write connections of the configured systems, as far as changes use them. */
export type Writers = Pick<WriteSessions, 'current' | 'adopt' | 'hold' | 'release'>;
