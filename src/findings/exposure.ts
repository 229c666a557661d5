/** What is open to everybody: shares without a list of hosts, guests, old protocols, ports of apps. */
import type { Finding, FindingKind } from './finding.ts';

const kind = (
  id: string,
  level: FindingKind['level'],
  what: string,
  means: string,
  more: Partial<FindingKind>,
): FindingKind => ({ id: `exposure.${id}`, level, what, means, certainty: 'sure', ...more });

/** Every kind of finding here, by what is open. */
export const EXPOSURES = {
  smb_guest: kind(
    'smb_guest',
    'WARNING',
    'SMB without a password',
    'Whoever is in the network gets in as a guest.',
    {
      repairedBy: 'update_share',
    },
  ),
  smb_everyone: kind(
    'smb_everyone',
    'WARNING',
    'every account may write',
    'The list of the share and the folder both let everybody write: one infected machine is enough.',
    { seeAlso: 'update_share with options.access, set_permissions' },
  ),
  nfs_root: kind(
    'nfs_root',
    'CRITICAL',
    'NFS: root of any host is root here',
    'Any machine in the network owns the files.',
    {
      repairedBy: 'update_share',
    },
  ),
  nfs_any_host: kind(
    'nfs_any_host',
    'WARNING',
    'NFS for any host',
    'NFS believes what a host says of its users.',
    {
      seeAlso: 'update_share with allow',
    },
  ),
  iscsi_any: kind(
    'iscsi_any',
    'WARNING',
    'iSCSI for any initiator, without CHAP',
    'Any machine may mount the disk and overwrite it.',
    {
      seeAlso: 'update_share with allow',
    },
  ),
  nvmeof_any: kind(
    'nvmeof_any',
    'WARNING',
    'NVMe-oF for any host',
    'Any machine may mount the disk and overwrite it.',
    {
      seeAlso: 'Sharing > NVMe-oF Subsystems',
    },
  ),
  s3_anonymous: kind(
    's3_anonymous',
    'WARNING',
    'S3 bucket without a key',
    'Whoever reaches the port reads or writes the bucket.',
    {
      seeAlso: 'Sharing > S3',
    },
  ),
  web_http: kind(
    'web_http',
    'WARNING',
    'web interface over plain HTTP',
    'Passwords cross the network in the clear.',
    {
      seeAlso: 'System > General Settings > GUI',
    },
  ),
  web_old_tls: kind('web_old_tls', 'WARNING', 'web interface takes old TLS', 'TLS before 1.2 is broken.', {
    seeAlso: 'System > General Settings > GUI',
  }),
  ssh_root: kind(
    'ssh_root',
    'WARNING',
    'SSH: root signs in by password',
    'The one name that everybody knows, with all rights.',
    {
      seeAlso: 'Credentials > Users > root',
    },
  ),
  ssh_password: kind(
    'ssh_password',
    'WARNING',
    'SSH by password',
    'Passwords are guessed by machines; keys are not.',
    {
      seeAlso: 'System > Services > SSH',
    },
  ),
  ftp_anonymous: kind(
    'ftp_anonymous',
    'WARNING',
    'FTP without a password',
    'Whoever reaches the port gets in.',
    {
      repairedBy: 'control_service',
    },
  ),
  snmp_public: kind(
    'snmp_public',
    'NOTE',
    'SNMP community is "public"',
    'Whoever reaches the port reads how the NAS is built.',
    {
      certainty: 'likely',
      seeAlso: 'System > Services > SNMP',
    },
  ),
  ups_remote: kind(
    'ups_remote',
    'NOTE',
    'UPS monitor for other hosts',
    'Other machines may ask the UPS; a known password may shut them down.',
    {
      seeAlso: 'System > Services > UPS',
    },
  ),
  app_ports: kind('app_ports', 'NOTE', 'ports of apps, on every address', 'Each app guards its own door.', {
    seeAlso: 'list_items {"kind":"app"}',
  }),
} as const;
export type ExposureId = keyof typeof EXPOSURES;

export const EXPOSURE_KINDS: readonly FindingKind[] = Object.values(EXPOSURES);

/** Something that may be open. */
export interface Opening {
  readonly id: ExposureId;
  /** Safe text. */
  readonly about: string;
  readonly evidence?: string | undefined;
  readonly arguments?: Readonly<Record<string, unknown>> | undefined;
  /** What must all be so for it to be open, each null where it is not known. */
  readonly conditions: readonly (boolean | null)[];
  /** Why conditions are not known, as safe text. */
  readonly why?: string | undefined;
  /** The service that must run. */
  readonly service?: string | undefined;
}

/** What was found open, and of what it is not known. */
export interface ExposureVerdict {
  readonly findings: readonly Finding[];
  readonly unknown: readonly string[];
}

/**
 * What is closed is not mentioned. A condition that is not known counts only where no other says "closed"; that a service
 * is stopped says nothing of its settings.
 * @param runs whether a service runs; null where that is not known
 */
export function judgeExposure(
  openings: readonly Opening[],
  runs: (service: string) => boolean | null,
): ExposureVerdict {
  const findings: Finding[] = [];
  const unknown = new Set<string>();
  for (const { id, about, evidence, arguments: args, conditions, why, service } of openings) {
    const isUp = service === undefined ? true : runs(service);
    if (conditions.includes(false)) continue;
    if (conditions.includes(null) || isUp === null) {
      unknown.add(`whether ${about} is open to everybody (${id})${why === undefined ? '' : `: ${why}`}`);
      continue;
    }
    if (!isUp) continue;
    findings.push({
      kind: EXPOSURES[id],
      about,
      ...(evidence === undefined ? {} : { evidence }),
      ...(args === undefined ? {} : { arguments: args }),
    });
  }
  return { findings, unknown: [...unknown] };
}
