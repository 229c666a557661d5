/** Error numbers as FreeBSD has them. */
import { errorName } from '../errors/exceptions.ts';

/** Those that differ from Linux, by name; 1 to 10 and 12 to 34 are equal. */
const FREEBSD: Readonly<Record<string, number>> = {
  EDEADLK: 11,
  EAGAIN: 35,
  EINPROGRESS: 36,
  EALREADY: 37,
  EOPNOTSUPP: 45,
  ECONNABORTED: 53,
  ECONNRESET: 54,
  ETOOMANYREFS: 59,
  ETIMEDOUT: 60,
  ECONNREFUSED: 61,
  ENAMETOOLONG: 63,
  EHOSTUNREACH: 65,
  ENOTEMPTY: 66,
  EDQUOT: 69,
  ECANCELED: 85,
  EBADMSG: 89,
};

/** The number of bad arguments as a list, on Linux. */
export const EAGAIN = 11;

/** FreeBSD's number for a Linux one. */
export function freebsdErrno(errno: number): number {
  if (errno === EAGAIN) return FREEBSD['EAGAIN'] ?? errno;
  return FREEBSD[errorName(errno)] ?? errno;
}
