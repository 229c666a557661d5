/** Hashes of passwords, in the notations of passwd, LDAP and smbpasswd. */
import { REDACTED, type Shape } from './shape.ts';

export const HASHES: readonly Shape[] = [
  // Crypt, in the notation of passwd files
  [
    /\$\w/u,
    /\$(?:1|2[abxy]?|5|6|7|y|gy|md5|apr1|argon2(?:id?|d)|scrypt|pbkdf2[\w-]*|bcrypt-sha256)\$[./A-Za-z0-9$=,+-]{8,}/gu,
    REDACTED,
  ],
  // LDAP
  [
    /\{\w*(?:sha|md5|crypt)/iu,
    /\{(?:s?sha\d*|s?md5|crypt|pbkdf2[\w-]*|argon2)\}[A-Za-z0-9+/=$.,-]{8,}/giu,
    REDACTED,
  ],
  // NT and LM hashes as in smbpasswd: behind the other one, a number, or an account that every system has.
  [
    /:[0-9a-f]{32}/iu,
    /(?<=(?:[X*]{32}|(?<![0-9a-f])[0-9a-f]{32}|:\d+|(?:^|\s)(?:administrator|admin|root|guest|krbtgt|nobody|defaultaccount|[\w.-]{1,40}\$)):)[0-9a-f]{32}(?![0-9a-f])/giu,
    REDACTED,
  ],
  // pwdump: name:number:LM:NT:::
  [/:::/u, /(?<=:)[0-9a-f]{32}:[0-9a-f]{32}(?=:::)|(?<=:)[0-9a-f]{32}(?=:::)/giu, REDACTED],
];
