/** The simulator's certificate as a file, for clients that take a path. It lives as long as the process that wrote it. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeProcessFolder } from './process-folder.ts';

/** A file that goes with its process. */
export interface CertificateFile {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Writes the certificate into a folder of its own.
 * @throws Error where no file can be written, e.g. on a read-only file system.
 */
export async function writeCertificate(certificatePem: string): Promise<CertificateFile> {
  const folder = await makeProcessFolder('truenas-mcp-simulator');
  const path = join(folder, 'ca.pem');
  await writeFile(path, certificatePem, { mode: 0o600 });
  return { path, remove: () => rm(folder, { recursive: true, force: true }) };
}
