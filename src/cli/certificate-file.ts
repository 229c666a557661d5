/** The simulator's certificate as a file, for clients that take a path. It lives as long as the process that wrote it. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that goes with its process. */
export interface CertificateFile {
  readonly path: string;
  remove(): Promise<void>;
}

const PREFIX = 'truenas-mcp-simulator-';

/**
 * Writes the certificate into a folder of its own, and removes the folders of processes that were killed.
 * @throws Error where no file can be written, e.g. on a read-only file system.
 */
export async function writeCertificate(certificatePem: string): Promise<CertificateFile> {
  await removeLeftovers(tmpdir());
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  const path = join(folder, 'ca.pem');
  await writeFile(path, certificatePem, { mode: 0o600 });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function removeLeftovers(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const leftover = names.filter((name) => {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  // The folder of another user stays: it cannot be removed.
  await Promise.allSettled(leftover.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

/** True also for a process of another user, which may not be signalled. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
