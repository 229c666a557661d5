/**
 * The one door to a NAS behind the older protocol: only reviewed reads leave. These releases have no roles for API keys
 * (24.10) or none at all (CORE, where every key is root), so nothing on the NAS would stop a write.
 */
import { TrueNasError } from '../errors.ts';
import { CORE_READS } from './core-reads.ts';
import { legacyName, type LegacyNas, type LegacyProduct } from './dialect.ts';
import { SCALE_READS } from './scale-reads.ts';

const READS: Readonly<Record<LegacyProduct, Readonly<Record<string, string>>>> = {
  CORE: CORE_READS,
  SCALE: SCALE_READS,
};

const WHERE_TO_CHANGE =
  'Do it in the web interface of the NAS, or move it to TrueNAS 25.04 or later, where changes can be planned, approved and undone.';

const known = new Map<LegacyProduct, ReadonlySet<string>>();

/** The methods that are called on a product, by the names that it has for them. */
export function legacyReads(product: LegacyProduct): ReadonlySet<string> {
  let reads = known.get(product);
  if (reads === undefined) {
    const names = Object.entries(READS[product]).flatMap(([namespace, methods]) =>
      methods.split(' ').map((method) => `${namespace}.${method}`),
    );
    reads = new Set(names);
    known.set(product, reads);
  }
  return reads;
}

/** Why a call does not leave; undefined when it may. */
export function doorProblem(method: string, nas: LegacyNas): TrueNasError | undefined {
  return legacyReads(nas.product).has(method) ? undefined : absent(method, nas);
}

/** The error for everything that would change a NAS of this kind. */
export function onlyRead(method: string, nas: LegacyNas): TrueNasError {
  return new TrueNasError('not-authorized', {
    summary: `${method} was not sent: this program only reads ${legacyName(nas)}, and changes nothing on it.`,
    nextStep: WHERE_TO_CHANGE,
    method,
  });
}

/** The error for a sign-in that was to change something. */
export function noWriteSession(nas: LegacyNas): TrueNasError {
  return new TrueNasError('not-authorized', {
    summary: `Nobody was signed in for changes: this program only reads ${legacyName(nas)}, and changes nothing on it.`,
    nextStep: WHERE_TO_CHANGE,
  });
}

function absent(method: string, nas: LegacyNas): TrueNasError {
  const thing = ABSENT_THINGS.find(([names]) => names.test(method))?.[1];
  return new TrueNasError('method-missing', {
    summary:
      thing === undefined
        ? `${legacyName(nas)} has no ${method} that only reads.`
        : `${legacyName(nas)} has no ${thing} (${method}).`,
    nextStep:
      'It belongs to another release of TrueNAS, or it changes something; look for the method that replaces it (search_api).',
    method,
  });
}

/** Of the releases that are read here: some have these, and where one has them it is not asked what they are. */
const ABSENT_THINGS: readonly (readonly [names: RegExp, thing: string])[] = [
  [/^(?:app|catalog|docker|chart)\./u, 'apps'],
  [/^virt\.|^(?:container|lxc)\./u, 'containers'],
  [/^nvmet\./u, 'NVMe-oF'],
  [/^fcport\.|^fc\./u, 'Fibre Channel ports'],
  [/^cloud_backup\./u, 'cloud backups'],
  [/^privilege\./u, 'privileges: whoever signs in may do all'],
  [/^audit\./u, 'audit log'],
  [/^sharing\.s3\.|^s3\./u, 'S3 buckets'],
  [/^sharing\.webshare\.|^webshare\./u, 'WebShares'],
  [/^auth\.me$/u, 'owner of an API key'],
];
