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
  const methods = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const { appendFile, datasync, truncate, writeFile } = methods;
  const meets = (fd: number, kinds: readonly DiskFault['kind'][]) => {
    const path = readlinkSync(`/proc/self/fd/${fd}`);
    return [...faults].find(
      ({ fault, lines }) => path.endsWith(fault.file) && kinds.includes(fault.kind) && lines >= fault.line,
    )?.fault;
  };
  const count = (fd: number): void => {
    const path = readlinkSync(`/proc/self/fd/${fd}`);
    for (const each of faults) if (path.endsWith(each.fault.file)) each.lines += 1;
  };
  methods.appendFile = async function append(this: FileHandle, data, options) {
    count(this.fd);
    const fault = meets(this.fd, ['full', 'half', 'stuck']);
    if (fault === undefined) return appendFile.call(this, data, options);
    if (fault.kind !== 'full') await appendFile.call(this, String(data).slice(0, 20));
    throw failure(fault);
  };
  methods.writeFile = async function write(this: FileHandle, data, options) {
    count(this.fd);
    const fault = meets(this.fd, ['full', 'half', 'stuck']);
    if (fault === undefined) return writeFile.call(this, data, options);
    throw failure(fault);
  };
  methods.datasync = async function flush(this: FileHandle) {
    const fault = meets(this.fd, ['flush']);
    if (fault !== undefined) throw failure(fault);
    return datasync.call(this);
  };
  methods.truncate = async function cut(this: FileHandle, length) {
    const fault = meets(this.fd, ['stuck']);
    if (fault !== undefined) throw failure(fault);
    return truncate.call(this, length);
  };
}

function failure({ kind }: DiskFault): Error {
  const code = CODES[kind];
  const text = code === 'ENOSPC' ? 'no space left on device' : 'i/o error';
  return Object.assign(new Error(`${code}: ${text}, write`), { code });
}
