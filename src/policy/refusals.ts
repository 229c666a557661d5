/** Refuses generic calls: those that are denied, then all that the NAS's own metadata does not call a read. */
import type { ApiMethodSummary } from '../truenas/catalog/index.ts';
import { Problem } from '../truenas/problem.ts';
import { type AccessClass, classify, isReadable } from './classes.ts';
import { type Denied, denialFor } from './denials.ts';
import { neededLevel } from './needed-level.ts';
import { neededRoles } from './roles.ts';

/** Why a call is not made, and what would be right. */
export interface Refusal {
  readonly kind: 'denied' | 'denied-arguments' | 'unknown-method' | 'job' | 'transfer' | 'above-read';
  /** Completes the sentence "METHOD …". */
  readonly why: string;
  readonly instead?: string | undefined;
}

/** A generic call that is not made. */
export class RefusedError extends Problem {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;

  constructor(method: string, refusal: Refusal) {
    const summary = `${method} ${refusal.why}`;
    const { instead = '' } = refusal;
    super({ summary, nextStep: instead }, instead === '' ? summary : `${summary}; ${instead}`);
    this.refusal = refusal;
  }
}

/**
 * Why a generic call is not made; `undefined` when it is.
 * @param find reads the NAS's entry of the method; not asked for methods that are denied as such.
 */
export async function refusalFor(
  method: string,
  params: readonly unknown[],
  find: (method: string) => Promise<ApiMethodSummary | undefined>,
): Promise<Refusal | undefined> {
  const denied = denialFor(method, params);
  if (denied?.isWholeMethod === true) return deniedRefusal(denied, method);
  // An unknown or mutating method is refused as such, not for its arguments.
  const byClass = classRefusal(await find(method));
  return byClass ?? (denied === undefined ? undefined : deniedRefusal(denied, method));
}

function deniedRefusal(denied: Denied, method: string): Refusal {
  const values = denied.isWholeMethod ? '' : ` like this (${denied.method.slice(method.length + 1)})`;
  return {
    kind: denied.isWholeMethod ? 'denied' : 'denied-arguments',
    why: `is never called by this server${values}: ${denied.reason}`,
    instead: denied.instead === undefined ? undefined : `use ${denied.instead}`,
  };
}

function classRefusal(method: ApiMethodSummary | undefined): Refusal | undefined {
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

/** Another way to the facts that a reading job would tell. */
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
