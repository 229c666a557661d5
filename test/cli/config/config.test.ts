/** `truenas-mcp config` shows what counts and checks it; secrets stay out, and nothing is connected to. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { config } from '../../../src/cli/config/config.ts';
import { SETTING_ROWS } from '../../../src/config/index.ts';

const KEY = `7-${'Ab3'.repeat(21)}x`;
const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number; text: string }> {
  const said: string[] = [];
  const code = await config(args, env, { print: (text) => said.push(text) });
  return { code, text: said.join('') };
}

function file(text: string, mode = 0o600): string {
  const path = join(folder, 'nas.yaml');
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode });
  return path;
}

const RIGHT = `url: nas.local\napi_key: ${KEY}\ntimeout: 10s\n`;

describe('config show', () => {
  it('names the value that counts and the place it comes from', async () => {
    const path = file(RIGHT);
    const { code, text } = await run(['show', '--access', 'operate'], {
      TRUENAS_CONFIG: path,
      TRUENAS_TIMEOUT: '20s',
      TRUENAS_HTTP_TOKEN: 'token-of-16-chars-and-more',
    });
    expect(code).toBe(0);
    const line = (name: string) => text.split('\n').find((each) => each.startsWith(`${name} `));
    expect(line('url')).toMatch(new RegExp(`^url +nas\\.local  \\(${path}, line 1\\)$`));
    expect(line('api_key')).toMatch(/^api_key +set, and not shown {2}\(.*, line 2\)$/);
    expect(line('timeout')).toMatch(/^timeout +20s {2}\(TRUENAS_TIMEOUT\)$/);
    expect(line('access')).toMatch(/^access +operate {2}\(--access\)$/);
    expect(line('http_token')).toMatch(/set, and not shown/);
    expect(line('log_level')).toMatch(/^log_level +info {2}\(default\)$/);
    expect(line('scope')).toMatch(/^scope +- {2}\(not set\)$/);
    expect(text).not.toMatch(/Ab3|token-of/);
  });

  it('has a line for every setting of serve that has a variable', async () => {
    const { text } = await run(['show', '--json'], { TRUENAS_URL: 'nas.local', TRUENAS_API_KEY: KEY });
    const { settings } = JSON.parse(text) as { settings: { name: string; value?: string }[] };
    const rows = SETTING_ROWS.filter(([, row]) => row.commands.includes('serve') && row.env !== undefined);
    expect(settings).toHaveLength(rows.length);
    expect(text).not.toContain('Ab3');
  });

  it('does not repeat a wrong value, and its exit code tells', async () => {
    const path = file('url: nas.local\napi_key: hunter2-is-no-key\n');
    const { code, text } = await run(['show'], { TRUENAS_CONFIG: path });
    expect(code).toBe(1);
    expect(text).toMatch(/^api_key +WRONG, see below/m);
    expect(text).toMatch(/line 2: api_key does not look like a TrueNAS API key/);
    expect(text).not.toContain('hunter2');
  });

  it('shows no control character of a value', async () => {
    const { text } = await run(['show'], {
      TRUENAS_CONFIG: file('username: "a\\u202eb"\n'),
    });
    expect(text).toMatch(/^username +a/m);
    expect(text).not.toContain('\u202e');
  });
});

describe('config check', () => {
  it('says that all is understood', async () => {
    const { code, text } = await run(['check'], { TRUENAS_CONFIG: file(RIGHT) });
    expect(text).toMatch(/^ok +configuration +4 settings, all understood\.$/m);
    expect(text).toMatch(/^ok +files +only their owner gets at them\.$/m);
    expect(code).toBe(0);
  });

  it('names each fault with its line, and the exit code tells', async () => {
    const path = file('url: nas.local\ntimeuot: 3\naccess: root\n', 0o666);
    const { code, text } = await run(['check'], { TRUENAS_CONFIG: path });
    expect(code).toBe(1);
    expect(text).toContain(`${path}, line 2 has the key timeuot`);
    expect(text).toContain(`${path}, line 3: access must be one of`);
    expect(text).toContain('TRUENAS_API_KEY is not set');
  });

  it.skipIf(process.getuid === undefined)('fails for a key that others can read', async () => {
    const { code, text } = await run(['check', '--json'], { TRUENAS_CONFIG: file(RIGHT, 0o644) });
    const { isRight, checks } = JSON.parse(text) as {
      isRight: boolean;
      checks: { name: string; state: string; fix?: string }[];
    };
    expect({ code, isRight }).toEqual({ code: 1, isRight: false });
    expect(checks.find(({ name }) => name === 'files')).toMatchObject({
      state: 'failed',
      fix: expect.stringMatching(/^Run: chmod 600 /),
    });
  });

  it('names a variable that nothing reads', async () => {
    const { code, text } = await run(['check'], { TRUENAS_URL: 'nas.local', TRUENAS_APIKEY: KEY });
    expect(code).toBe(1);
    expect(text).toMatch(/TRUENAS_APIKEY is not a setting of this version; did you mean "TRUENAS_API_KEY"\?/);
    expect(text).not.toContain('Ab3');
  });
});

describe('another word than show or check', () => {
  it.each([[[]], [['print']], [['show', '--nonsense']]])('is a wrong command line: %j', async (args) => {
    expect((await run(args, {})).code).toBe(2);
  });
});
