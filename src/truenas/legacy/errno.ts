/**
 * Error numbers of FreeBSD, on which TrueNAS CORE runs (LEGACY section 2): by name, and as the number that Linux, and with
 * it every other release, has for the same error. 1 to 10 and 12 to 34 are equal on both.
 */

/** An error number as all other releases count it. */
export interface KnownErrno {
  readonly name: string;
  readonly errno: number;
}

const EQUAL_ON_BOTH = [
  'EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG ENOEXEC EBADF ECHILD - ENOMEM EACCES EFAULT ENOTBLK EBUSY EEXIST EXDEV ENODEV',
  'ENOTDIR EISDIR EINVAL ENFILE EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK EPIPE EDOM ERANGE',
]
  .join(' ')
  .split(' ');

/** FreeBSD's number, the name, the number of Linux. */
const DIFFERENT: readonly (readonly [freebsd: number, name: string, linux: number])[] = [
  [11, 'EDEADLK', 35],
  [35, 'EAGAIN', 11],
  [36, 'EINPROGRESS', 115],
  [37, 'EALREADY', 114],
  [38, 'ENOTSOCK', 88],
  [39, 'EDESTADDRREQ', 89],
  [40, 'EMSGSIZE', 90],
  [41, 'EPROTOTYPE', 91],
  [42, 'ENOPROTOOPT', 92],
  [43, 'EPROTONOSUPPORT', 93],
  [44, 'ESOCKTNOSUPPORT', 94],
  [45, 'EOPNOTSUPP', 95],
  [46, 'EPFNOSUPPORT', 96],
  [47, 'EAFNOSUPPORT', 97],
  [48, 'EADDRINUSE', 98],
  [49, 'EADDRNOTAVAIL', 99],
  [50, 'ENETDOWN', 100],
  [51, 'ENETUNREACH', 101],
  [52, 'ENETRESET', 102],
  [53, 'ECONNABORTED', 103],
  [54, 'ECONNRESET', 104],
  [55, 'ENOBUFS', 105],
  [56, 'EISCONN', 106],
  [57, 'ENOTCONN', 107],
  [58, 'ESHUTDOWN', 108],
  [59, 'ETOOMANYREFS', 109],
  [60, 'ETIMEDOUT', 110],
  [61, 'ECONNREFUSED', 111],
  [62, 'ELOOP', 40],
  [63, 'ENAMETOOLONG', 36],
  [64, 'EHOSTDOWN', 112],
  [65, 'EHOSTUNREACH', 113],
  [66, 'ENOTEMPTY', 39],
  [68, 'EUSERS', 87],
  [69, 'EDQUOT', 122],
  [70, 'ESTALE', 116],
  [71, 'EREMOTE', 66],
  [77, 'ENOLCK', 37],
  [78, 'ENOSYS', 38],
  [82, 'EIDRM', 43],
  [83, 'ENOMSG', 42],
  [84, 'EOVERFLOW', 75],
  [85, 'ECANCELED', 125],
  [86, 'EILSEQ', 84],
  [87, 'ENODATA', 61],
  [89, 'EBADMSG', 74],
  [90, 'EMULTIHOP', 72],
  [91, 'ENOLINK', 67],
  [92, 'EPROTO', 71],
  [95, 'ENOTRECOVERABLE', 131],
  [96, 'EOWNERDEAD', 130],
];

/** TrueNAS's own numbers, the same on every release. */
const OWN: readonly (readonly [number: number, name: string])[] = [
  [201, 'ENOMETHOD'],
  [202, 'ESERVICESTARTFAILURE'],
  [203, 'EALERTCHECKERUNAVAILABLE'],
  [204, 'EREMOTENODEERROR'],
  [206, 'EINVALIDRRDTIMESTAMP'],
  [207, 'ENOTAUTHENTICATED'],
];

const BY_NUMBER: ReadonlyMap<number, KnownErrno> = new Map<number, KnownErrno>([
  ...EQUAL_ON_BOTH.map((name, index): [number, KnownErrno] => [index + 1, { name, errno: index + 1 }]),
  ...DIFFERENT.map(([freebsd, name, errno]): [number, KnownErrno] => [freebsd, { name, errno }]),
  ...OWN.map(([errno, name]): [number, KnownErrno] => [errno, { name, errno }]),
]);

/** The error behind a number of TrueNAS CORE; undefined for one that nothing else knows. */
export function freebsdErrno(number: number): KnownErrno | undefined {
  return BY_NUMBER.get(number);
}
