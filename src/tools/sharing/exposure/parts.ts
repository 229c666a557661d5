/** The parts of a NAS that may be open to everybody. Each is read on its own: one that cannot be read leaves the rest. */
import { apps } from './apps.ts';
import type { ExposedPart } from './exposed-part.ts';
import { ftp, snmp, ssh, ups, web } from './services.ts';
import { iscsi, nfs, nvmeof, s3 } from './shares.ts';
import { smb } from './smb.ts';

/** Every part, in the order of the table. */
export const EXPOSED_PARTS = {
  smb,
  nfs,
  iscsi,
  nvmeof,
  s3,
  web,
  ssh,
  ftp,
  snmp,
  ups,
  apps,
} as const satisfies Readonly<Record<string, ExposedPart>>;
/** Its short name, as a caller gives it. */
export type ExposedName = keyof typeof EXPOSED_PARTS;
