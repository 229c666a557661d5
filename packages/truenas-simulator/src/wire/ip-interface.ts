/** Interface addresses as the NAS's language reads them: what it says of text that is none. */
import { pythonRepr, pythonText } from '../errors/python.ts';

/**
 * Reads `address` or `address/prefix`, `address/netmask` for IPv4.
 * @throws Error with the NAS's text
 */
export function checkInterface(value: unknown, version: 4 | 6): void {
  if (typeof value === 'boolean') return;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
    checkInteger(value, version);
    return;
  }
  const text = pythonText(value);
  const [address = '', mask, more] = text.split('/');
  if (more !== undefined) throw new Error(`Only one '/' permitted in ${pythonRepr(text)}`);
  if (version === 4) checkIpv4(address);
  else checkIpv6(address);
  if (mask !== undefined && !isMask(mask, version))
    throw new Error(`${pythonRepr(mask)} is not a valid netmask`);
}

/** An integer is an address as well. */
function checkInteger(value: number | bigint, version: 4 | 6): void {
  const bits = version === 4 ? 32 : 128;
  const problem = value < 0 ? '(< 0)' : value >= 2 ** bits ? `(>= 2**${bits})` : null;
  if (problem !== null) throw new Error(`${value} ${problem} is not permitted as an IPv${version} address`);
}

function checkIpv4(address: string): void {
  if (address === '') throw new Error('Address cannot be empty');
  const octets = address.split('.');
  if (octets.length !== 4) throw new Error(`Expected 4 octets in ${pythonRepr(address)}`);
  for (const octet of octets) {
    const problem = octetProblem(octet);
    if (problem !== null) throw new Error(`${problem} in ${pythonRepr(address)}`);
  }
}

function octetProblem(octet: string): string | null {
  if (octet === '') return 'Empty octet not permitted';
  if (!/^\d+$/.test(octet)) return `Only decimal digits permitted in ${pythonRepr(octet)}`;
  if (octet.length > 3) return `At most 3 characters permitted in ${pythonRepr(octet)}`;
  if (octet.length > 1 && octet.startsWith('0'))
    return `Leading zeros are not permitted in ${pythonRepr(octet)}`;
  return Number(octet) > 255 ? `Octet ${octet} (> 255) not permitted` : null;
}

const PARTS = 8;

function checkIpv6(text: string): void {
  const percent = text.indexOf('%');
  const address = percent < 0 ? text : text.slice(0, percent);
  const scope = percent < 0 ? null : text.slice(percent + 1);
  if (scope === '' || scope?.includes('%') === true)
    throw new Error(`Invalid IPv6 address: "${pythonRepr(text)}"`);
  if (address === '') throw new Error('Address cannot be empty');
  const fail = (problem: string): never => {
    throw new Error(`${problem} in ${pythonRepr(address)}`);
  };
  let parts = address.split(':');
  if (parts.length < 3) fail('At least 3 parts expected');
  const last = parts.at(-1) ?? '';
  if (last.includes('.')) {
    try {
      checkIpv4(last);
    } catch (error) {
      fail((error as Error).message);
    }
    parts = [...parts.slice(0, -1), '0', '0'];
  }
  if (parts.length > PARTS + 1) fail(`At most ${PARTS} colons permitted`);
  const gaps = parts.flatMap((part, index) =>
    part === '' && index > 0 && index < parts.length - 1 ? [index] : [],
  );
  if (gaps.length > 1) fail("At most one '::' permitted");
  checkParts(parts, gaps[0] ?? null, fail);
  for (const part of parts.filter((each) => each !== '')) {
    if (!/^[\da-fA-F]+$/.test(part)) fail(`Only hex digits permitted in ${pythonRepr(part)}`);
    if (part.length > 4) fail(`At most 4 characters permitted in ${pythonRepr(part)}`);
  }
}

/** Counts the parts before and after a `::` at `gap`. */
function checkParts(parts: readonly string[], gap: number | null, fail: (problem: string) => never): void {
  const leads = "Leading ':' only permitted as part of '::'";
  const trails = "Trailing ':' only permitted as part of '::'";
  if (gap === null) {
    if (parts.length !== PARTS) fail(`Exactly ${PARTS} parts expected without '::'`);
    if (parts[0] === '') fail(leads);
    if (parts.at(-1) === '') fail(trails);
    return;
  }
  const before = parts[0] === '' ? gap - 1 : gap;
  const after = parts.at(-1) === '' ? parts.length - gap - 2 : parts.length - gap - 1;
  if (parts[0] === '' && before > 0) fail(leads);
  if (parts.at(-1) === '' && after > 0) fail(trails);
  if (before + after >= PARTS) fail(`Expected at most ${PARTS - 1} other parts with '::'`);
}

function isMask(mask: string, version: 4 | 6): boolean {
  if (/^\d+$/.test(mask)) return Number(mask) <= (version === 4 ? 32 : 128);
  return version === 4 && isNetmask(mask);
}

/** `255.255.255.0`, or its inverse. */
function isNetmask(mask: string): boolean {
  const octets = mask.split('.');
  if (octets.length !== 4 || octets.some((octet) => octetProblem(octet) !== null)) return false;
  const bits = octets.map((octet) => Number(octet).toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) || /^0*1*$/.test(bits);
}
