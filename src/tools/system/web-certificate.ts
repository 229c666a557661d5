/** The certificate of the web interface: which one it is, as far as the NAS shows that, and what clients see of one. */
import { createHash } from 'node:crypto';
import type { State, Target } from '../../changes/change.ts';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import type { ReadClient } from '../../truenas/client.ts';
import { query } from '../../truenas/query.ts';
import { isAtLeast } from '../../truenas/releases.ts';
import { field, isObject, recordOf, type RowOf, rowsOf } from '../support/rows.ts';
import { configThing, presentTarget } from '../support/targets.ts';

/** How long the NAS waits for the check-in, in seconds: a person has to give this server the new fingerprint meanwhile. */
export const TRIAL_SECONDS = 600;

/** Methods that {@link certificateNamed} and {@link webSettings} call. */
export const WEB_CERTIFICATE_USES = ['certificate.query', 'system.general.config'];

const ROW = {
  id: field.number,
  name: field.rawText,
  certificate: field.rawText,
  privatekey_path: field.rawText,
  cert_type_CSR: field.flag,
  san: field.texts,
  until: field.text,
  expired: field.flag,
  revoked: field.flag,
  acme: field.object({ directory: field.text }),
};

/** A certificate that a web server can use. */
export interface WebCertificate {
  readonly id: number;
  readonly name: string;
  /** Names of hosts, without `DNS:`. */
  readonly names: readonly string[];
  /** The NAS's own text, in its own time. */
  readonly until: string | null;
  readonly isTrial: boolean;
  /** SHA-256 of what clients are shown, 64 lower-case hex digits; undefined where the NAS does not show the certificate. */
  readonly fingerprint: string | undefined;
}

/** @throws InputProblem for none of that name, and for one that cannot serve */
export async function certificateNamed(nas: ReadClient, wanted: string): Promise<WebCertificate> {
  const rows = rowsOf(await nas.call('certificate.query', query({ select: Object.keys(ROW) })), ROW);
  const row = rows.find(({ name }) => name === wanted.trim());
  const { id = null, name = null } = row ?? {};
  if (row === undefined || id === null || name === null) {
    const known = rows.filter((each) => each.cert_type_CSR !== true).flatMap((each) => each.name ?? []);
    throw new InputProblem(
      'certificate',
      `names no certificate: ${safeCell(wanted, 60)}`,
      didYouMean(nearNames(wanted, known)) ??
        `There is ${known.map((each) => safeCell(each, 60)).join(', ')}.`,
    );
  }
  const why = unfitness(row);
  if (why !== undefined) throw new InputProblem('certificate', `${safeCell(name, 60)} ${why}`);
  return {
    id,
    name,
    names: (row.san ?? []).map((each) => each.replace(/^(?:DNS|IP):/u, '')),
    until: row.until,
    isTrial: row.acme?.directory?.includes('staging') === true,
    fingerprint: fingerprintOf(row.certificate),
  };
}

/** Why the web interface cannot use it; undefined when nothing speaks against it. */
function unfitness({
  cert_type_CSR: isRequest,
  expired,
  revoked,
  privatekey_path: key,
}: RowOf<typeof ROW>): string | undefined {
  if (isRequest === true) return 'is a request, and no certificate yet';
  if (expired === true) return 'has expired';
  if (revoked === true) return 'is revoked';
  return key === null ? 'has no private key on this NAS' : undefined;
}

/** Clients are shown the first certificate of the chain. */
function fingerprintOf(pem: string | null): string | undefined {
  const [, base64] = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/u.exec(pem ?? '') ?? [];
  if (base64 === undefined) return undefined;
  return createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex');
}

/** The settings of the web interface, as far as a change of its certificate goes. */
export interface WebSettings {
  /** Its certificate, and the path in `system.general.config` at which the name stands; undefined where it is hidden. */
  readonly certificate: { readonly name: string; readonly path: string } | undefined;
  /** What has to be sent along unchanged: the schema of 25.04 asks for all settings. */
  readonly sentAlong: State;
}

const ASKED_BY_25_04 = [
  ...['ui_httpsport', 'ui_httpsredirect', 'ui_httpsprotocols', 'ui_port', 'ui_address', 'ui_v6address'],
  ...['ui_allowlist', 'ui_consolemsg', 'ui_x_frame_options', 'kbdmap', 'language', 'timezone', 'ds_auth'],
];

/** Calls `system.general.config`. Up to 25.10 a NAS shows the certificate to accounts only that may change it. */
export async function webSettings(nas: ReadClient): Promise<WebSettings> {
  const [config, release] = await Promise.all([
    nas.call('system.general.config').then(recordOf),
    nas.release(),
  ]);
  const { ui_certificate_name: name, ui_certificate: row, usage_collection: usage } = config;
  const isAsked = !isAtLeast(release, '25.10');
  // Whoever was never asked has no setting, which shows as true.
  const collects = config['usage_collection_is_set'] === false ? null : usage;
  const sentAlong = isAsked
    ? {
        ...Object.fromEntries(ASKED_BY_25_04.map((each) => [each, config[each]])),
        usage_collection: collects,
      }
    : {};
  if (typeof name === 'string') return { certificate: { name, path: 'ui_certificate_name' }, sentAlong };
  const isShown = isObject(row) && typeof row['name'] === 'string';
  return {
    certificate: isShown ? { name: String(row['name']), path: 'ui_certificate.name' } : undefined,
    sentAlong,
  };
}

/** The settings as a thing that a change touches, with the certificate that they are to name. */
export function settingsTarget(
  nas: ReadClient,
  { certificate, sentAlong }: WebSettings,
  name: string,
): Promise<Target> {
  const title =
    certificate === undefined
      ? 'other settings of the web interface (whether it has the certificate is UNKNOWN: the NAS hides that from this server)'
      : 'settings of the web interface';
  const { usage_collection: _shownOtherwise, ...others } = sentAlong;
  const after = { ...others, ...(certificate === undefined ? {} : { [certificate.path]: name }) };
  return presentTarget(nas, configThing(title, 'system.general.config'), after, {
    absent: () => new Error('the NAS shows no general settings'),
  });
}

/** What whoever pins the certificate has to know. */
export function pinLine({ fingerprint }: WebCertificate): string {
  return fingerprint === undefined
    ? 'whoever pins the certificate, perhaps this server, is refused afterwards. Its fingerprint is UNKNOWN, as the NAS does not show the certificate'
    : `TRUENAS_TLS_FINGERPRINT, where it is set, no longer fits afterwards, and this server is refused. Set it to ${fingerprint} then, where this server is configured, and restart it`;
}
