/** The second factor: six digits of TOTP (RFC 6238), new every 30 seconds. */
import { createHmac } from 'node:crypto';

const STEP_MS = 30_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The digits for a moment. `secret` is Base32. */
export function oneTimeCode(secret: string, atMs: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / STEP_MS)));
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const start = (hash.at(-1) ?? 0) & 0x0f;
  const number = (hash.readUInt32BE(start) & 0x7fffffff) % 1_000_000;
  return String(number).padStart(6, '0');
}

/** True for the digits of now, or of one step before or after. */
export function isRightCode(secret: string, code: string, nowMs: number): boolean {
  return [0, -STEP_MS, STEP_MS].some((shift) => oneTimeCode(secret, nowMs + shift) === code);
}

function fromBase32(text: string): Buffer {
  let bits = '';
  for (const char of text.replace(/=+$/, '')) bits += ALPHABET.indexOf(char).toString(2).padStart(5, '0');
  const bytes = bits.match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
