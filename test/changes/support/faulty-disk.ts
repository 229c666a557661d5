/** A disk that fails under one file of this process: what is written or flushed there ends with an error of the system. */
import { readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { onTestFinished } from 'vitest';

/** What goes wrong. */
export interface DiskFault {
  /** Path of the file, or its end. */
  readonly file: string;
  /** `half`: a part of the line is written before the error. `stuck`: that part cannot be taken away again either. */
  readonly kind: 'full' | 'half' | 'flush' | 'stuck';
  /** Which line of the file it meets, counted from 1 when the fault is laid. */
  readonly line: number;
}

const CODES = { full: 'ENOSPC', half: 'ENOSPC', flush: 'EIO', stuck: 'EIO' } as const;

/** Faults are found by the paths that open files have under /proc. */
export const hasFaultyDisk = process.platform === 'linux';

const faults = new Set<{ readonly fault: DiskFault; lines: number }>();
let isPatched = false;

/** Lays a fault until the test ends. @returns takes it away: there is room again */
export async function failDisk(fault: DiskFault): Promise<() => void> {
  if (!isPatched) await patch();
  const laid = { fault, lines: 0 };
  faults.add(laid);
  const mend = (): void => void faults.delete(laid);
  onTestFinished(mend);
  return mend;
}

async function patch(): Promise<void> {
  isPatched = true;
  const handle = await open(process.execPath, 'r');
  const methods: object = Object.getPrototypeOf(handle);
  await handle.close();
  replace(methods, 'appendFile', async (file, real, [data, ...rest]) => {
    count(file);
    const fault = met(file, ['full', 'half', 'stuck']);
    if (fault === undefined) return real(data, ...rest);
    if (fault.kind !== 'full') await real(String(data).slice(0, 20));
    throw failure(fault);
  });
  replace(methods, 'writeFile', async (file, real, args) => {
    count(file);
    const fault = met(file, ['full', 'half', 'stuck']);
    if (fault === undefined) return real(...args);
    throw failure(fault);
  });
  replace(methods, 'datasync', async (file, real, args) => {
    const fault = met(file, ['flush']);
    if (fault === undefined) return real(...args);
    throw failure(fault);
  });
  replace(methods, 'truncate', async (file, real, args) => {
    const fault = met(file, ['stuck']);
    if (fault === undefined) return real(...args);
    throw failure(fault);
  });
}

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** Puts `other` in the place of a method of all open files; it gets the path of the file, and the method as it was. */
function replace(
  methods: object,
  name: string,
  other: (path: string, real: Method, args: readonly unknown[]) => Promise<unknown>,
): void {
  const real: unknown = Reflect.get(methods, name);
  if (typeof real !== 'function') throw new Error(`files have no ${name}`);
  Reflect.set(methods, name, function patched(this: FileHandle, ...args: readonly unknown[]) {
    const path = readlinkSync(`/proc/self/fd/${this.fd}`);
    return other(path, async (...given) => Reflect.apply(real, this, given) as unknown, args);
  });
}

function met(path: string, kinds: readonly DiskFault['kind'][]): DiskFault | undefined {
  return [...faults].find(
    ({ fault, lines }) => path.endsWith(fault.file) && kinds.includes(fault.kind) && lines >= fault.line,
  )?.fault;
}

function count(path: string): void {
  for (const each of faults) if (path.endsWith(each.fault.file)) each.lines += 1;
}

function failure({ kind }: DiskFault): Error {
  const code = CODES[kind];
  const text = code === 'ENOSPC' ? 'no space left on device' : 'i/o error';
  return Object.assign(new Error(`${code}: ${text}, write`), { code });
}
