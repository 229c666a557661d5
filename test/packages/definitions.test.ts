/** The definitions in packaging/: container image, custom app of TrueNAS, systemd unit; each is tried as far as this machine can. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, SETTING_ROWS } from '../../src/config/index.ts';
import { manifest, page, ROOT } from '../docs/pages.ts';
import { builtCli, ensureBuilt } from '../support/built.ts';
import { bareEnv } from '../support/processes.ts';
import { isInstalled } from './support.ts';

const VARIABLES = new Set(SETTING_ROWS.flatMap(([, row]) => row.env ?? []));
const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-definitions-'));

beforeAll(ensureBuilt);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the container image', () => {
  const dockerfile = page('packaging/oci/Dockerfile');
  const instructions = dockerfile
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => /^[A-Z]+ /.test(line));
  const last = instructions.slice(instructions.findLastIndex((line) => line.startsWith('FROM ')));

  it('runs as nobody in particular, without a package manager, and downloads nothing by itself', () => {
    expect(last.find((line) => line.startsWith('USER '))).toBe('USER 65532:65532');
    expect(last.find((line) => line.startsWith('RUN '))).toMatch(/^RUN rm -rf .*npm.*corepack/);
    expect(instructions.filter((line) => /^ADD |curl|wget|https?:/.test(line))).toEqual([]);
    expect(last.find((line) => line.startsWith('ENTRYPOINT '))).toBe(
      'ENTRYPOINT ["node", "/app/dist/cli.js"]',
    );
    expect(last.find((line) => line.startsWith('HEALTHCHECK '))).toContain('"/app/health.mjs"');
  });

  it('is built from what its context lets in: nothing is missing there', () => {
    const allowed = page('packaging/oci/Dockerfile.dockerignore').match(/(?<=^!).+$/gm) ?? [];
    const context = join(folder, 'context');
    for (const path of allowed) {
      const target = join(context, path);
      mkdirSync(dirname(target), { recursive: true });
      cpSync(join(ROOT, path), target, { recursive: true });
    }
    const copied = instructions.flatMap(
      (line) => /^COPY (?!--from)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? [],
    );
    expect(copied.filter((path) => !existsSync(join(context, path)))).toEqual([]);
    symlinkSync(join(ROOT, 'node_modules'), join(context, 'node_modules'), 'junction');
    const { status, stderr } = spawnSync(process.execPath, ['scripts/build.mjs', '--no-types'], {
      cwd: context,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const { stdout } = spawnSync(process.execPath, [join(context, 'dist', 'cli.js'), '--version'], {
      encoding: 'utf8',
    });
    expect(stdout).toBe(`${manifest().version}\n`);
  }, 120_000);

  describe.skipIf(process.platform !== 'linux')('says whether it lives', () => {
    const health = (pid: number): number | null =>
      spawnSync(process.execPath, [join(ROOT, 'packaging', 'oci', 'health.mjs')], {
        env: { ...bareEnv(), HEALTH_PID: String(pid) },
      }).status;

    it('over HTTP by a request that must be refused', async () => {
      const port = await freePort();
      const child = spawn(process.execPath, [builtCli, 'serve', '--demo', '--http', String(port)], {
        env: bareEnv(),
      });
      await once(child.stderr, 'data');
      await expect.poll(() => health(child.pid ?? 0), { timeout: 10_000 }).toBe(0);
      child.kill('SIGKILL');
      await once(child, 'exit');
      expect(health(child.pid ?? 0)).toBe(1);
    });

    it('over HTTP not by another program at its port', async () => {
      const other = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'));
      other.listen(0, '127.0.0.1');
      await once(other, 'listening');
      const address = other.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)', '--', `--http=${port}`]);
      await once(child, 'spawn');
      const script = join(ROOT, 'packaging', 'oci', 'health.mjs');
      const asking = spawn(process.execPath, [script], {
        env: { ...bareEnv(), HEALTH_PID: String(child.pid) },
      });
      const [code] = (await once(asking, 'exit')) as [number];
      expect(code).toBe(1);
      child.kill();
      other.close();
    });

    it('on stdio by its process', () => {
      expect(health(process.pid)).toBe(0);
    });
  });
});

describe('the custom app of TrueNAS', () => {
  interface Service {
    readonly image: string;
    readonly command: readonly string[];
    readonly environment: Readonly<Record<string, string>>;
    readonly user: string;
    readonly read_only: boolean;
    readonly cap_drop: readonly string[];
    readonly security_opt: readonly string[];
    readonly privileged?: boolean;
    readonly healthcheck: { readonly test: readonly string[] };
    readonly volumes: readonly { readonly target: string; readonly read_only: boolean }[];
  }
  const { services } = parse(page('packaging/truenas-app/truenas-mcp.yaml')) as {
    services: Record<string, Service>;
  };
  const service = services['truenas-mcp'];

  it('runs without rights and writes nowhere', () => {
    expect(service).toMatchObject({
      user: '65532:65532',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
    });
    expect(service?.privileged).toBeUndefined();
    expect(service?.volumes.every((volume) => volume.read_only)).toBe(true);
  });

  it('has the version of the package, and settings that a server understands once they are filled in', () => {
    expect(service?.image).toBe(`truenas-mcp-server:${manifest().version}`);
    const environment = service?.environment ?? {};
    expect(Object.keys(environment).filter((name) => !VARIABLES.has(name))).toEqual([]);
    const key = join(folder, 'api-key');
    writeFileSync(key, `1-${'a'.repeat(64)}`, { mode: 0o600 });
    const env = {
      ...environment,
      TRUENAS_API_KEY_FILE: key,
      TRUENAS_USERNAME: 'reader',
      TRUENAS_TLS_FINGERPRINT: 'ab'.repeat(32),
      TRUENAS_HTTP_TOKEN: 'x'.repeat(32),
    };
    const config = loadConfig({ argv: service?.command.slice(1) ?? [], env });
    expect(config).toMatchObject({ problems: [], usageErrors: [], http: { port: 8765 } });
    // As it stands, every placeholder is named.
    expect(
      loadConfig({ argv: [], env: { ...environment, TRUENAS_API_KEY_FILE: key } }).problems,
    ).toHaveLength(3);
  });
});

describe('the systemd unit', () => {
  const unit = page('packaging/systemd/truenas-mcp.service');

  it('starts what the command line takes, with settings that exist', () => {
    const command = /^ExecStart=\S+ serve (.+)$/m.exec(unit)?.[1]?.split(' ') ?? [];
    expect(loadConfig({ argv: command, env: {} }).usageErrors).toEqual([]);
    const set = [...unit.matchAll(/^Environment=(TRUENAS_\w+)=/gm)].map((match) => match[1] ?? '');
    expect(set.length).toBeGreaterThan(2);
    expect(set.filter((name) => !VARIABLES.has(name))).toEqual([]);
  });

  it.skipIf(!isInstalled('systemd-analyze'))('is right in the eyes of systemd, and hardly exposed', () => {
    const file = join(folder, 'truenas-mcp.service');
    writeFileSync(file, unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    expect(verified.stderr.split('\n').filter((line) => line.includes('truenas-mcp.service'))).toEqual([]);
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', '--no-pager', file], {
      encoding: 'utf8',
    });
    const exposure = /Overall exposure level for .*: (\d+\.\d)/.exec(stdout)?.[1];
    expect(Number(exposure)).toBeLessThan(2);
  });
});

describe('the definitions', () => {
  it('name no file that is not there', () => {
    for (const path of [
      'packaging/oci/Dockerfile',
      'packaging/truenas-app/truenas-mcp.yaml',
      'packaging/systemd/truenas-mcp.service',
    ]) {
      const named = page(path).match(/(?:packaging|docs)\/[\w/.-]+\b/g) ?? [];
      expect(named.filter((each) => !existsSync(join(ROOT, each)))).toEqual([]);
      expect(readFileSync(join(ROOT, path), 'utf8')).not.toContain('\r');
    }
  });
});
