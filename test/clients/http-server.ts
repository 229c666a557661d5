/** The built server on HTTP, as `serve --demo --http 0` starts it. */
import { spawn } from 'node:child_process';
import { builtCli } from '../support/built.ts';

/** A running server. */
export interface HttpServer {
  readonly url: URL;
  readonly token: string;
  /** Everything it wrote to stdout, which belongs to nobody here. */
  stdout(): string;
  stop(): Promise<number | null>;
}

/** Starts it and waits until it has said where it listens. */
export async function startHttpServer(): Promise<HttpServer> {
  const child = spawn(process.execPath, [builtCli, 'serve', '--demo', '--http', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const [url, token] = await new Promise<[string, string]>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
      const found = /(http:\/\/127\.0\.0\.1:\d+\/mcp)\s+Authorization: Bearer (\S+)/.exec(stderr);
      if (found?.[1] !== undefined && found[2] !== undefined) resolve([found[1], found[2]]);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${stderr}`)));
  });
  return {
    url: new URL(url),
    token,
    stdout: () => stdout,
    stop: () => {
      child.kill();
      return ended;
    },
  };
}
