/**
 * The way of the generic tools to the NAS: whatever the NAS's own, live metadata says is readable, and nothing else.
 * A name the catalog does not list is never sent, so neither private methods nor aliases nor look-alikes get through.
 */
import { type ApiCatalog, type ApiMethodSummary, openCatalog } from '../truenas/catalog/index.ts';
import type { CallOptions, ReadClient } from '../truenas/client.ts';
import { isTrueNasError } from '../truenas/errors.ts';
import { type AccessClass, classify, isReadable, neededLevel, neededRoles } from '../policy/classify.ts';
import { type Denied, denialFor } from '../policy/denials.ts';

/** Why a call is not made, and what would be right. */
export interface Refusal {
  readonly kind: 'denied' | 'denied-arguments' | 'unknown-method' | 'job' | 'transfer' | 'above-read';
  /** Completes the sentence "METHOD …". */
  readonly why: string;
  readonly instead?: string | undefined;
}

/** A generic call that is not made. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(method: string, refusal: Refusal) {
    super(`${method} ${refusal.why}${refusal.instead === undefined ? '' : `; ${refusal.instead}`}`);
    this.refusal = refusal;
  }
}

/** A read client that goes by the live catalog instead of a list. */
export interface GenericReadClient extends ReadClient {
  readonly catalog: ApiCatalog;
  /** Why this call would not be made; `undefined` when it would. */
  refusal(method: string, params: readonly unknown[], options?: CallOptions): Promise<Refusal | undefined>;
}

const catalogs = new WeakMap<ReadClient, ApiCatalog>();

/** The one catalog of a connection. */
export function catalogOf(client: ReadClient): ApiCatalog {
  let catalog = catalogs.get(client);
  if (catalog === undefined) {
    catalog = openCatalog(client);
    catalogs.set(client, catalog);
  }
  return catalog;
}

/**
 * A client that sends exactly the methods which the NAS says are readable and the denials leave.
 * @throws RefusedError (from `call`) before anything is sent.
 */
export function openGate(client: ReadClient, catalog: ApiCatalog = catalogOf(client)): GenericReadClient {
  async function refusal(
    method: string,
    params: readonly unknown[],
    options?: CallOptions,
  ): Promise<Refusal | undefined> {
    const denied = denialFor(method, params);
    // What the NAS offers comes first: an unknown or mutating method is not refused for its arguments.
    if (denied?.isWholeMethod === true) return deniedRefusal(denied, method);
    const byClass = refusalOf(await catalog.find(method, options));
    return byClass ?? (denied === undefined ? undefined : deniedRefusal(denied, method));
  }

  return {
    catalog,
    refusal,
    release: (options) => client.release(options),
    async has(method, options) {
      return (await catalog.find(method, options)) !== undefined;
    },
    async call(method, params = [], options) {
      const send = async () => {
        const why = await refusal(method, params, options);
        if (why !== undefined) throw new RefusedError(method, why);
        return client.call(method, params, { ...options, isBound: true });
      };
      try {
        return await send().catch((error: unknown) => {
          // Behind a new connection the NAS may be another release, to which the same name means another thing.
          if (isTrueNasError(error, 'unreachable')) return send();
          throw error;
        });
      } catch (error) {
        // The NAS has changed under the catalog: look again next time.
        if (isTrueNasError(error, 'method-missing') || isTrueNasError(error, 'not-authorized'))
          catalog.forget();
        throw error;
      }
    },
  };
}

function deniedRefusal(denied: Denied, method: string): Refusal {
  const values = denied.isWholeMethod ? '' : ` like this (${denied.method.slice(method.length + 1)})`;
  return {
    kind: denied.isWholeMethod ? 'denied' : 'denied-arguments',
    why: `is never called by this server${values}: ${denied.reason}`,
    instead: denied.instead === undefined ? undefined : `use ${denied.instead}`,
  };
}

function refusalOf(method: ApiMethodSummary | undefined): Refusal | undefined {
  if (method === undefined) {
    return {
      kind: 'unknown-method',
      why: 'is not a method that this NAS offers to this user',
      instead: 'search_api finds the right name',
    };
  }
  if (!isReadable(method)) return aboveRead(method, classify(method));
  if (method.isJob) {
    return { kind: 'job', why: 'is a job: it starts work on the NAS', instead: insteadOfJob(method.name) };
  }
  if (method.needsTransfer) return { kind: 'transfer', why: 'works only together with a file transfer' };
  return undefined;
}

function aboveRead(method: ApiMethodSummary, accessClass: AccessClass): Refusal {
  const level = neededLevel(method.name);
  const role = neededRoles(method.roles).join(' or ');
  const why =
    accessClass === 'unknown'
      ? `is granted to no role on this NAS but full administration, so it is not known to be harmless; it takes TRUENAS_ACCESS=${level} and the TrueNAS role ${role}`
      : `does more than read; it takes TRUENAS_ACCESS=${level} and the TrueNAS role ${role}`;
  return { kind: 'above-read', why, instead: 'call_api_read only reads' };
}

/** Which reading method tells what a reading job would. */
function insteadOfJob(name: string): string {
  return INSTEAD_OF_JOB[name] ?? 'see list_jobs for jobs that ran';
}

const INSTEAD_OF_JOB: Readonly<Record<string, string>> = {
  'pool.import_find':
    'import of pools is done in the TrueNAS web interface; pool.query lists the imported ones',
  'ipmi.sel.elist': 'alert.list shows hardware faults',
  'ipmi.sel.info': 'alert.list shows hardware faults',
  'pool.dataset.encryption_summary': 'pool.dataset.query tells key_loaded and locked',
  'k8s_to_docker.list_backups': 'docker.list_backups lists app backups',
};
