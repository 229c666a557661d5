/** Sizes as people write them: bytes, or `500G`, `1.5 TiB`. */
import * as z from 'zod';
import { InputProblem } from '../../output/problem.ts';

/** A size: a number of bytes, or a text with a unit. Units are powers of 1024, as ZFS has them. */
export const sizeInput = z.union([z.number().int().min(0), z.string().max(30)]);

const UNITS = 'KMGTPE';

/** @throws InputProblem for what is no size */
export function bytesOf(argument: string, value: unknown): number {
  if (typeof value === 'number') return value;
  const text = String(value).trim().toUpperCase();
  const match = /^(\d+(?:\.\d+)?)\s*(?:([KMGTPE])(?:I?B)?|B)?$/u.exec(text);
  if (match === null) {
    if (/^(?:NONE|OFF)$/u.test(text)) return 0;
    throw new InputProblem(argument, `is no size: ${text.slice(0, 30)}`, 'e.g. "500G" or "1.5T"');
  }
  const power = match[2] === undefined ? 0 : UNITS.indexOf(match[2]) + 1;
  const bytes = Number(match[1]) * 1024 ** power;
  if (!Number.isSafeInteger(Math.round(bytes))) throw new InputProblem(argument, 'is too large');
  return Math.round(bytes);
}
