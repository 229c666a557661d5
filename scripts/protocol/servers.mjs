/** Starts the servers under test, and a forwarder for judges that cannot send a bearer token. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { EXTERNAL } from '../build-options.mjs';

const START_LIMIT_MS = 30_000;

/** `dist/cli.js serve --demo --http 0`: the real server in front of the embedded simulator. */
export async function startRealServer(root) {
  const token = randomBytes(24).toString('hex');
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'serve', '--demo', '--http', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TRUENAS_HTTP_TOKEN: token },
  });
  const url = await firstMatch(child, child.stderr, /(http:\/\/127\.0\.0\.1:\d+\/mcp)/);
  return { url, token, stop: () => stop(child) };
}

/** The fixture server of test/conformance, bundled like the real one. */
export async function startFixtureServer(root, folder) {
  const outdir = join(folder, 'fixture-server');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/conformance/server.ts'],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: EXTERNAL,
    logLevel: 'warning',
    banner: { js: "import{createRequire as c}from'node:module';const require=c(import.meta.url);" },
  });
  const child = spawn(process.execPath, [join(outdir, 'server.mjs')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const { url, token } = JSON.parse(await firstMatch(child, child.stdout, /^(\{.*\})$/m));
  return { url, token, stop: () => stop(child) };
}

/**
 * Passes every request on with the token added and nothing else changed: Host, Origin and MCP headers reach the server as
 * the judge wrote them.
 */
export async function startForwarder({ url, token }) {
  const target = new URL(url);
  const server = createServer((incoming, answer) => {
    const outgoing = request(
      {
        host: target.hostname,
        port: target.port,
        path: incoming.url,
        method: incoming.method,
        headers: { ...incoming.headers, authorization: `Bearer ${token}` },
      },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      },
    );
    outgoing.on('error', () => answer.destroy());
    answer.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}${target.pathname}`,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function firstMatch(child, stream, pattern) {
  let text = '';
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the server said nothing in time: ${text}`)),
      START_LIMIT_MS,
    );
    const end = (settle, value) => {
      clearTimeout(timer);
      settle(value);
    };
    stream.setEncoding('utf8');
    stream.on('data', (chunk) => {
      text += chunk;
      const match = pattern.exec(text);
      if (match !== null) end(resolve, match[1]);
    });
    child.once('exit', (code) => end(reject, new Error(`the server ended with ${code}: ${text}`)));
    child.once('error', (error) => end(reject, error));
  });
}

function stop(child) {
  if (child.exitCode !== null) return undefined;
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 5000).unref();
  });
}
