/** `truenas-mcp simulate`: the simulated TrueNAS alone, on this machine only, until interrupted. */
import { loadConfig } from '../config/index.ts';
import { isLoopbackHost } from '../config/parse.ts';
import type { Simulator, SimulatorOptions } from 'truenas-simulator';
import { type CertificateFile, writeCertificate } from './certificate-file.ts';
import { closeAll, stopRequested } from './shutdown.ts';
import { usageError } from './usage.ts';

/** Runs until told to stop; the exit code. */
export async function simulate(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const config = loadConfig({ argv, env, command: 'simulate' });
  if (config.usageErrors.length > 0) return usageError('simulate', config.usageErrors);
  if (!isLoopbackHost(config.simulator.host)) {
    return usageError('simulate', ['--host must be an address of this machine. Example: --host 127.0.0.1']);
  }

  const stopped = stopRequested();
  const simulator = await start(config.simulator);
  if (typeof simulator === 'string') return usageError('simulate', [simulator]);
  const file = await certificateFile(simulator);
  process.stdout.write(config.isJson ? jsonLine(simulator, file?.path) : humanText(simulator, file?.path));

  await stopped;
  await closeAll([() => simulator.close(), async () => file?.remove()]);
  return 0;
}

/** The simulator, or why it could not start. */
async function start(choice: SimulatorOptions): Promise<Simulator | string> {
  try {
    const { startSimulator } = await import('truenas-simulator');
    return await startSimulator(choice);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === 'EADDRINUSE' || code === 'EACCES')
      return `--port ${choice.port ?? 0} cannot be used (${code}).`;
    return `The simulator did not start: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** The simulator works without the file: its fingerprint is enough for most clients. */
async function certificateFile({ certificatePem }: Simulator): Promise<CertificateFile | undefined> {
  try {
    return await writeCertificate(certificatePem);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    process.stderr.write(
      `The certificate could not be written to a file (${code}). Pin its fingerprint instead, or set TMPDIR to a folder that can be written to.\n`,
    );
    return undefined;
  }
}

function jsonLine({ url, apiKey, username, fingerprint }: Simulator, caFile: string | undefined): string {
  return `${JSON.stringify({ url, apiKey, username, fingerprint, caFile })}\n`;
}

function humanText(
  { url, apiKey, username, fingerprint, release }: Simulator,
  caFile: string | undefined,
): string {
  return [
    `A simulated TrueNAS ${release} is running. Press Ctrl-C to stop it. To use it:`,
    '',
    `TRUENAS_URL=${url}`,
    `TRUENAS_USERNAME=${username}`,
    `TRUENAS_API_KEY=${apiKey}`,
    `TRUENAS_TLS_FINGERPRINT=${fingerprint}`,
    '',
    ...(caFile === undefined ? [] : [`Its certificate: ${caFile}`, '']),
  ].join('\n');
}
