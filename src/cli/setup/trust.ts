/** Which certificate is trusted from now on. Nothing but a TLS handshake is sent until that is settled, and no answer means no. */
import type { TlsTrust } from '../../truenas/options.ts';
import type { SetupRecord } from './record.ts';
import { type Asker, SetupStopped } from './asker.ts';
import { certificateText, type SeenCertificate, seeCertificate, withColons } from './certificate.ts';

/** What flags say about trust. */
export interface TrustFlags {
  /** 64 lower-case hexadecimal digits. */
  readonly fingerprint: string | undefined;
  /** Who names the fingerprint, in words. */
  readonly namedBy: string;
  readonly ca: { readonly path: string; readonly pem: string } | undefined;
}

/** The fingerprint that a flag, or the record of an earlier run, names. */
export function expectedFingerprint(
  flag: string | undefined,
  earlier: SetupRecord | undefined,
): Pick<TrustFlags, 'fingerprint' | 'namedBy'> {
  // What a person confirmed once need not be confirmed again, as long as it is the same.
  return flag === undefined
    ? { fingerprint: earlier?.settings['TRUENAS_TLS_FINGERPRINT'], namedBy: 'the earlier set-up' }
    : { fingerprint: flag, namedBy: '--tls-fingerprint' };
}

/** The decision, and the settings that repeat it. */
export interface Trust {
  readonly tls: TlsTrust;
  readonly settings: Readonly<Record<string, string>>;
}

/** @throws SetupStopped when it is not the expected certificate, or nobody has confirmed an unknown one */
export async function settleTrust(url: string, flags: TrustFlags, asker: Asker): Promise<Trust> {
  const seen = await seeCertificate(url, flags.ca?.pem);
  const { host } = new URL(url);
  asker.say(certificateText(seen, host));
  if (flags.fingerprint !== undefined) {
    if (flags.fingerprint !== seen.sha256) throw notTheExpectedOne(flags.fingerprint, flags.namedBy, seen);
    asker.say(`It is the one that ${flags.namedBy} names.`);
    return pinned(seen);
  }
  if (seen.distrust === undefined) {
    const { ca } = flags;
    return ca === undefined
      ? { tls: {}, settings: {} }
      : { tls: { caPem: ca.pem }, settings: { TRUENAS_CA_FILE: ca.path } };
  }
  if (flags.ca !== undefined)
    throw new SetupStopped(
      `The authority in --ca-file has not issued it. ${seen.distrust}`,
      'Nothing was sent.',
    );
  if (asker.isUnattended)
    throw new SetupStopped(
      'This computer does not know the certificate, and --yes does not trust one that nobody has compared. Nothing was sent.',
      `Compare it on the NAS, and give --tls-fingerprint ${seen.sha256}`,
    );
  asker.say(
    'Compare it where no one can stand in between: in the web interface of the NAS (Credentials, Certificates; it shows the SHA-1), from a network that you trust, or on its own screen.',
  );
  if (!(await asker.confirm('Is this the certificate of your NAS?', false)))
    throw new SetupStopped('The certificate was not confirmed. Nothing was sent.');
  return pinned(seen);
}

function pinned({ sha256 }: SeenCertificate): Trust {
  return { tls: { fingerprintSha256: sha256 }, settings: { TRUENAS_TLS_FINGERPRINT: sha256 } };
}

function notTheExpectedOne(expected: string, namedBy: string, { sha256 }: SeenCertificate): SetupStopped {
  return new SetupStopped(
    `It is NOT the expected certificate: ${namedBy} names ${withColons(expected)}, and the NAS shows ${withColons(sha256)}. Nothing was sent.`,
    'If it was renewed, compare the new one on the NAS and give --tls-fingerprint; otherwise somebody may be in between.',
  );
}
