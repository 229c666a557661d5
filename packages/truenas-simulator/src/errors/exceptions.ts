/** What a simulated method throws, and the error numbers of the wire (PROTOCOL section 2). */
import { pythonText } from './python.ts';

/** Linux error numbers that TrueNAS uses, and its own from 201 on. */
export const ERRNO = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  E2BIG: 7,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EXDEV: 18,
  ENODEV: 19,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  EFBIG: 27,
  ENOSPC: 28,
  EROFS: 30,
  ERANGE: 34,
  EDEADLK: 35,
  ENAMETOOLONG: 36,
  ENOTEMPTY: 39,
  EBADMSG: 74,
  EOPNOTSUPP: 95,
  ECONNABORTED: 103,
  ECONNRESET: 104,
  ETOOMANYREFS: 109,
  ETIMEDOUT: 110,
  ECONNREFUSED: 111,
  EHOSTUNREACH: 113,
  EALREADY: 114,
  EINPROGRESS: 115,
  EDQUOT: 122,
  ECANCELED: 125,
  ENOKEY: 126,
  ENOMETHOD: 201,
  ESERVICESTARTFAILURE: 202,
  EALERTCHECKERUNAVAILABLE: 203,
  EREMOTENODEERROR: 204,
  EDATASETISLOCKED: 205,
  EINVALIDRRDTIMESTAMP: 206,
  ENOTAUTHENTICATED: 207,
  ESSLCERTVERIFICATIONERROR: 208,
  EREBOOTREQUIRED: 209,
  EHAUNAVAILABLE: 210,
} as const;

const NAMES = new Map<number, string>(Object.entries(ERRNO).map(([name, number]) => [number, name]));

/** The name of an error number, `EUNKNOWN` for one that has none. */
export function errorName(errno: number): string {
  return NAMES.get(errno) ?? 'EUNKNOWN';
}

/** A failed call: travels as code -32001 with its own error number. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly errno: number;
  readonly extra: unknown;

  constructor(message: string, errno: number = ERRNO.EFAULT, extra: unknown = null) {
    super(message);
    this.errno = errno;
    this.extra = extra;
  }
}

/** One complaint: the dotted path of the argument (null when it is about none), the text, the error number. */
export type ValidationEntry = readonly [attribute: string | null, message: string, errno: number];

/**
 * Bad arguments: travels as code -32602 with the entries as triples. Collect with `add`, then `check`.
 *
 * ```ts
 * const problems = new ValidationErrors();
 * if (exists) problems.add('pool_dataset_create.name', `${name} already exists`, ERRNO.EEXIST);
 * problems.check();
 * ```
 */
export class ValidationErrors extends Error {
  override readonly name = 'ValidationErrors';
  readonly entries: ValidationEntry[] = [];

  /** Adds one complaint about `attribute`. */
  add(attribute: string | null, message: string, errno: number = ERRNO.EINVAL): this {
    this.entries.push([attribute, message, errno]);
    return this;
  }

  /** Throws itself when there is any complaint. */
  check(): void {
    if (this.entries.length > 0) throw this;
  }
}

/**
 * One complaint raised alone: travels as -32602 like many, but its reason has no line end, and an absent attribute is
 * written out as `None`.
 */
export class ValidationError extends Error {
  override readonly name = 'ValidationError';
  readonly entry: ValidationEntry;

  constructor(attribute: string | null, message: string, errno: number = ERRNO.EINVAL) {
    super(message);
    this.entry = [attribute, message, errno];
  }
}

/** A ValidationError about a row that is not there. */
export class InstanceNotFound extends ValidationError {
  constructor(message: string) {
    super(null, message, ERRNO.ENOENT);
  }
}

/**
 * The refusal of `get_instance`, `update` and `delete` when no row has this id. `name` is the one the NAS gives to the
 * service, e.g. `PoolDataset`; some have none.
 */
export function doesNotExist(name: string, id: unknown): InstanceNotFound {
  return new InstanceNotFound(`${name} ${pythonText(id)} does not exist`);
}

/** A failure that is neither: code -32001, errno 22, the text as its reason. `className` is the exception's class in the trace. */
export class PlainError extends Error {
  override readonly name = 'PlainError';
  readonly className: string;

  constructor(message: string, className = 'Exception') {
    super(message);
    this.className = className;
  }
}
