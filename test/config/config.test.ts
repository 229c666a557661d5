import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXAMPLE_ENV } from '../../src/cli/client-snippets.ts';
import { type Config, loadConfig, SETTING_ROWS } from '../../src/config/index.ts';
import { createRedactor } from '../../src/output/redact/redactor.ts';

const KEY = `7-${'Ab3'.repeat(21)}x`;
const FINGERPRINT = 'ab'.repeat(32);
const folder = mkdtempSync(join(tmpdir(), 'truenas mcp config '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(env: Record<string, string>, argv: string[] = []): Config {
  return loadConfig({ argv, env });
}

/** With an address and a key, so that only what a test adds can be wrong. */
function loadWith(env: Record<string, string>, argv: string[] = []): Config {
  return load({ TRUENAS_URL: 'nas.local', TRUENAS_API_KEY: KEY, ...env }, argv);
}

function file(name: string, text: string, mode = 0o600): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

describe('TRUENAS_URL', () => {
  it.each([
    ['nas.local', 'wss://nas.local'],
    ['NAS.local', 'wss://nas.local'],
    ['nas.local:8443', 'wss://nas.local:8443'],
    ['https://nas.local', 'wss://nas.local'],
    ['https://nas.local/', 'wss://nas.local'],
    ['https://nas.local:443/ui/', 'wss://nas.local'],
    ['https://nas.local/ui/sessions/signin', 'wss://nas.local'],
    ['wss://nas.local:444/api/current', 'wss://nas.local:444'],
    ['192.168.1.10', 'wss://192.168.1.10'],
    ['fd00::10', 'wss://[fd00::10]'],
    ['[fd00::10]', 'wss://[fd00::10]'],
    ['[fd00::10]:8443', 'wss://[fd00::10]:8443'],
    ['https://[FD00::10]/ui', 'wss://[fd00::10]'],
    ['  nas.local  ', 'wss://nas.local'],
  ])('takes %s', (text, url) => {
    const config = loadWith({ TRUENAS_URL: text });
    expect(config.problems).toEqual([]);
    expect(config.connection?.url).toBe(url);
  });

  it.each([
    ['http://nas.local', /revokes an API key/],
    ['ws://127.0.0.1:6000', /revokes an API key/],
    ['ftp://nas.local', /https:\/\/ or wss:\/\//],
    ['nas.local/pool/tank', /must not contain a path/],
    ['https://nas.local/?key=1', /query/],
    ['nas.local:99999', /not a host name or URL/],
    ['nas local', /not a host name|spaces/],
    ['fe80::1%eth0', /network interface/],
    ['nas.local:0', /port 0/],
    ['nas.local,other.local', /not a host name or URL/],
    ['$'.concat('(hostname)'), /not a host name or URL/],
    ['*.local', /not a host name or URL/],
    ['-nas', /not a host name or URL/],
    ['..', /not a host name or URL/],
    ['"nas.local"', /without the quotes/],
    ["'https://nas.local'", /without the quotes/],
    ['$'.concat('{TRUENAS_HOST}'), /never filled in/],
  ])('refuses %s and says why', (text, reason) => {
    const config = loadWith({ TRUENAS_URL: text });
    expect(config.connection).toBeUndefined();
    expect(config.problems).toHaveLength(1);
    expect(config.problems[0]).toMatch(/^TRUENAS_URL /);
    expect(config.problems[0]).toMatch(reason);
    expect(config.problems[0]).toMatch(/Example: TRUENAS_URL=nas\.local$/);
  });

  it('refuses a URL with user information and does not repeat it', () => {
    for (const text of ['https://root:hunter2secret@nas.local', 'root:hunter2secret@nas.local']) {
      const [problem = ''] = loadWith({ TRUENAS_URL: text }).problems;
      expect(problem).toMatch(/user name or password/);
      expect(problem).not.toContain('hunter2secret');
    }
  });

  it('that is the API key in the wrong place is refused, not looked up', () => {
    const { problems } = loadWith({ TRUENAS_URL: KEY });
    expect(problems).toEqual([expect.stringMatching(/^TRUENAS_URL is not a host name/)]);
    expect(problems.join().toLowerCase()).not.toContain(KEY.toLowerCase());
  });

  it('takes plain ws:// to loopback with the explicit flag only, and to no other host', () => {
    const flag = '--dangerously-allow-plaintext-to-loopback-for-tests';
    expect(loadWith({ TRUENAS_URL: 'ws://127.0.0.1:6000' }, [flag]).connection?.url).toBe(
      'ws://127.0.0.1:6000',
    );
    expect(loadWith({ TRUENAS_URL: 'http://[::1]:443' }, [flag]).connection?.url).toBe('ws://[::1]:443');
    expect(loadWith({ TRUENAS_URL: 'ws://nas.local' }, [flag]).problems).toHaveLength(1);
    expect(loadWith({ TRUENAS_URL: 'ws://127.0.0.1.evil.example' }, [flag]).problems).toHaveLength(1);
  });
});

describe('the API key', () => {
  it('comes from a file, without its line end', () => {
    const path = file('key', `${KEY}\r\n`);
    expect(load({ TRUENAS_URL: 'nas.local', TRUENAS_API_KEY_FILE: path }).connection?.apiKey).toBe(KEY);
  });

  it.each([
    ['with a byte order mark', Buffer.from(`\uFEFF${KEY}\r\n`)],
    ['as Windows PowerShell writes it, in UTF-16', Buffer.from(`\uFEFF${KEY}\r\n`, 'utf16le')],
  ])('comes from a file %s', (name, bytes) => {
    const path = join(folder, name);
    writeFileSync(path, bytes, { mode: 0o600 });
    const { connection, problems } = load({ TRUENAS_URL: 'nas.local', TRUENAS_API_KEY_FILE: path });
    expect(problems).toEqual([]);
    expect(connection?.apiKey).toBe(KEY);
  });

  it.each([
    ['empty', ' \n', /content is empty/],
    ['quoted', `"${KEY}"\n`, /without the quotes/],
    ['assigned', `TRUENAS_API_KEY=${KEY}\n`, /does not look like a TrueNAS API key/],
    ['commented', `${KEY}\n# mine\n`, /line breaks/],
  ])('in a file that is %s is refused with the reason', (name, text, reason) => {
    const { problems } = load({ TRUENAS_URL: 'nas.local', TRUENAS_API_KEY_FILE: file(name, text) });
    expect(problems).toEqual([expect.stringMatching(reason)]);
    expect(problems[0]).toMatch(/^TRUENAS_API_KEY_FILE: .* the key and nothing else/);
    expect(problems.join()).not.toContain(KEY);
  });

  it('in quotes is refused for the quotes, and not repeated', () => {
    for (const text of [`"${KEY}"`, `'${KEY}'`, `\u201c${KEY}\u201d`]) {
      const { problems } = loadWith({ TRUENAS_API_KEY: text });
      expect(problems).toEqual([expect.stringMatching(/^TRUENAS_API_KEY .*without the quotes/)]);
      expect(problems.join()).not.toContain(KEY);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'from a file that everybody can read is used with a warning',
    () => {
      const config = load({ TRUENAS_URL: 'nas.local', TRUENAS_API_KEY_FILE: file('open', KEY, 0o644) });
      expect(config.connection?.apiKey).toBe(KEY);
      expect(config.warnings.join()).toMatch(/chmod 600/);
      expect(load({ TRUENAS_URL: 'n', TRUENAS_API_KEY_FILE: file('closed', KEY, 0o600) }).warnings).toEqual(
        [],
      );
    },
  );

  it.skipIf(process.platform === 'win32')(
    'from a file that its group can read is used with a warning',
    () => {
      const { warnings } = load({ TRUENAS_URL: 'n', TRUENAS_API_KEY_FILE: file('group', KEY, 0o640) });
      expect(warnings.join()).toMatch(/the group of the file can read.*chmod 600/);
    },
  );

  it.skipIf(process.getuid?.() !== 0)('from a file of another user is used with a warning', () => {
    const path = file('of-another', KEY, 0o600);
    chownSync(path, 12_345, 12_345);
    const { warnings } = load({ TRUENAS_URL: 'n', TRUENAS_API_KEY_FILE: path });
    expect(warnings.join()).toMatch(/belongs to another user/);
  });

  it('given twice is refused', () => {
    const config = loadWith({ TRUENAS_API_KEY_FILE: file('twice', KEY) });
    expect(config.problems).toEqual([
      expect.stringMatching(/TRUENAS_API_KEY and TRUENAS_API_KEY_FILE are both set/),
    ]);
  });

  it('in a missing or wrong file is a problem that names the variable, never the content', () => {
    const missing = load({ TRUENAS_URL: 'n', TRUENAS_API_KEY_FILE: join(folder, 'absent') });
    expect(missing.problems).toEqual([expect.stringMatching(/^TRUENAS_API_KEY_FILE .*ENOENT/)]);
    const wrong = load({ TRUENAS_URL: 'n', TRUENAS_API_KEY_FILE: file('wrong', 'my secret passphrase') });
    expect(wrong.problems).toEqual([expect.stringMatching(/^TRUENAS_API_KEY_FILE: /)]);
    expect(wrong.problems.join()).not.toContain('passphrase');
  });

  it('that is no key is refused without being repeated', () => {
    const { problems, secrets } = loadWith({ TRUENAS_API_KEY: 'correct horse battery' });
    expect(problems).toEqual([expect.stringMatching(/^TRUENAS_API_KEY /)]);
    expect(problems.join()).not.toContain('horse');
    expect(secrets).toContain('correct horse battery');
  });

  it('has no flag, and asking for one says why', () => {
    for (const flag of ['--api-key', '--apikey', '--truenas-api-key', '--http-token', '--token']) {
      const config = loadWith({}, [`${flag}=${KEY}`]);
      expect(config.usageErrors).toEqual([expect.stringMatching(/visible to every user.*Set TRUENAS_/)]);
      expect(config.usageErrors.join()).not.toContain(KEY);
    }
  });

  it.each([
    [['--api-key', KEY]],
    [['--token', 'a-token-of-somebody']],
    [['--password', 'hunter2']],
    [['--key', KEY]],
    [[KEY]],
    [['hunter2']],
    [['--demo', KEY, '--http', '0']],
  ])('on the command line in the wrong place is not repeated: %j', (argv) => {
    const { usageErrors } = loadWith({}, argv);
    const secret = argv.find((word) => !/^-|^0$/.test(word)) ?? '';
    expect(usageErrors).not.toEqual([]);
    expect(usageErrors.join()).not.toContain(secret);
  });

  it('that is wrong is answered with an example that survives redaction', () => {
    const problems = [
      ...loadWith({ TRUENAS_API_KEY: 'hunter2' }).problems,
      ...loadWith({ TRUENAS_HTTP_TOKEN: 'short' }).problems,
    ];
    expect(problems).toHaveLength(2);
    const redactor = createRedactor({ ownSecrets: [] });
    for (const problem of problems) {
      expect(problem).toMatch(/Example: ./);
      expect(redactor.text(problem)).toBe(problem);
    }
  });

  it.skipIf(process.platform === 'win32').each(['/dev/zero', tmpdir()])(
    'is not looked for in %s, which is no file',
    (path) => {
      const config = load({ TRUENAS_URL: 'nas.local', TRUENAS_API_KEY_FILE: path });
      expect(config.problems).toEqual([expect.stringMatching(/^TRUENAS_API_KEY_FILE .*not a regular file/)]);
      expect(config.warnings).toEqual([]);
    },
  );
});

describe('trust', () => {
  it.each([
    FINGERPRINT,
    FINGERPRINT.toUpperCase(),
    FINGERPRINT.replace(/..(?=.)/g, '$&:'),
    `sha256:${FINGERPRINT}`,
    `SHA256 Fingerprint=${FINGERPRINT.toUpperCase().replace(/..(?=.)/g, '$&:')}`,
  ])('takes the fingerprint %s', (text) => {
    expect(loadWith({ TRUENAS_TLS_FINGERPRINT: text }).connection?.tls.fingerprintSha256).toBe(FINGERPRINT);
  });

  it('tells a SHA-1 fingerprint from a damaged one', () => {
    expect(loadWith({ TRUENAS_TLS_FINGERPRINT: 'ab'.repeat(20) }).problems[0]).toMatch(/SHA-1/);
    expect(loadWith({ TRUENAS_TLS_FINGERPRINT: 'ab'.repeat(31) }).problems[0]).toMatch(
      /64 hexadecimal digits, not 62/,
    );
    expect(loadWith({ TRUENAS_TLS_FINGERPRINT: 'xy'.repeat(32) }).problems[0]).toMatch(/hexadecimal/);
  });

  it('switched off is said loudly; a fingerprint beats it', () => {
    const off = loadWith({ TRUENAS_TLS_INSECURE: 'true' });
    expect(off.connection?.tls.isInsecure).toBe(true);
    expect(off.warnings.join()).toMatch(/NOT verified/);
    const pinned = loadWith({ TRUENAS_TLS_INSECURE: '1', TRUENAS_TLS_FINGERPRINT: FINGERPRINT });
    expect(pinned.connection?.tls).toEqual({ fingerprintSha256: FINGERPRINT });
    expect(loadWith({ TRUENAS_TLS_INSECURE: 'maybe' }).problems[0]).toMatch(
      /^TRUENAS_TLS_INSECURE must be true or false/,
    );
  });

  it.each([
    { TRUENAS_TLS_FINGERPRINT: 'ab'.repeat(31) },
    { TRUENAS_TLS_FINGERPRINT: 'ab'.repeat(31), TRUENAS_TLS_INSECURE: 'true' },
    { TRUENAS_TLS_INSECURE: 'maybe' },
    { TRUENAS_CA_FILE: join(folder, 'absent.pem') },
    { TRUENAS_CA_FILE: join(folder, 'absent.pem'), TRUENAS_TLS_INSECURE: 'true' },
    { TRUENAS_ACCESS: 'root' },
  ])('that is not understood allows no connection at all: %j', (env) => {
    const { problems, connection, access } = loadWith(env);
    expect(problems).toHaveLength(1);
    expect(connection).toBeUndefined();
    expect(access).toBe('read');
  });

  it('refuses a CA file without a certificate', () => {
    const path = file('ca.pem', 'hello');
    expect(loadWith({ TRUENAS_CA_FILE: path }).problems[0]).toMatch(/^TRUENAS_CA_FILE .*PEM/);
  });
});

describe('the other settings', () => {
  it.each([
    ['30', 30_000],
    ['45s', 45_000],
    ['2m', 120_000],
    ['1500ms', 1500],
  ])('TRUENAS_TIMEOUT takes %s', (text, timeoutMs) => {
    expect(loadWith({ TRUENAS_TIMEOUT: text }).connection?.timeoutMs).toBe(timeoutMs);
  });

  it('flags win over the environment', () => {
    const config = loadWith({ TRUENAS_ACCESS: 'read', TRUENAS_LOG_LEVEL: 'debug' }, [
      '--access',
      'manage',
      '--url=other',
    ]);
    expect(config.access).toBe('manage');
    expect(config.logLevel).toBe('debug');
    expect(config.connection?.url).toBe('wss://other');
  });

  it('an empty variable counts as absent', () => {
    const config = loadWith({ TRUENAS_ACCESS: '', TRUENAS_TOOLSETS: ' ', TRUENAS_CA_FILE: '' });
    expect(config.problems).toEqual([]);
    expect(config.access).toBe('read');
  });

  it('toolsets keep their own order, whatever the order of the list', () => {
    expect(loadWith({ TRUENAS_TOOLSETS: 'Storage, system' }).toolsets).toEqual(['system', 'storage']);
    expect(loadWith({}, ['--toolsets', 'sharing', '--toolsets', 'system']).toolsets).toEqual([
      'system',
      'sharing',
    ]);
  });

  it('reports several problems together, each naming its variable', () => {
    const { problems } = load({ TRUENAS_TIMEOUT: 'soon', TRUENAS_ACCESS: 'root', TRUENAS_TOOLSETS: 'disks' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'TRUENAS_ACCESS',
      'TRUENAS_TOOLSETS',
      'TRUENAS_TIMEOUT',
      'TRUENAS_URL',
      'TRUENAS_API_KEY',
    ]);
  });

  it('a variable that nothing reads is named, with the one that was meant, and never its value', () => {
    const { warnings, problems } = load({
      TRUENAS_URL: 'nas',
      TRUENAS_APIKEY: KEY,
      truenas_username: 'reader',
      TRUENAS_WEATHER: 'fine',
      TRUENAS_CA_FILE: '',
      HOME: '/root',
    });
    expect(warnings).toEqual([
      'TRUENAS_APIKEY is not a setting of this version; did you mean "TRUENAS_API_KEY"?',
      'truenas_username is not a setting of this version; did you mean "TRUENAS_USERNAME"?',
      'TRUENAS_WEATHER is not a setting of this version',
    ]);
    expect(problems.join()).toMatch(/TRUENAS_API_KEY/);
    expect(warnings.join()).not.toContain(KEY.slice(2));
  });

  it.each([
    '<your key>',
    '<API_KEY>',
    '$'.concat('{API_KEY}'),
    '{{api_key}}',
    '%API_KEY%',
    '$TRUENAS_KEY',
    'YOUR-API-KEY',
    'your_api_key_here',
    'changeme',
    'xxxx',
    '...',
  ])('%s in place of a value is a placeholder that was never filled in', (text) => {
    expect(load({ TRUENAS_URL: 'nas.local', TRUENAS_API_KEY: text }).problems).toEqual([
      expect.stringMatching(/^TRUENAS_API_KEY is a placeholder that was never filled in\./),
    ]);
  });

  it('the placeholders of the configuration that the documentation shows are all named', () => {
    const { problems } = load({ ...EXAMPLE_ENV });
    expect(problems.map((problem) => problem.split(' is a placeholder')[0])).toEqual([
      'TRUENAS_API_KEY',
      'TRUENAS_USERNAME',
      'TRUENAS_TLS_FINGERPRINT',
    ]);
  });

  it.each(['my-reader', 'user', 'mynas.local', 'your.lan', 'xx', 'api-key-reader'])(
    '%s is no placeholder',
    (username) => {
      expect(loadWith({ TRUENAS_USERNAME: username }).problems).toEqual([]);
    },
  );

  it('without a user name, an unverified NAS is said to get the key', () => {
    const loud = loadWith({ TRUENAS_TLS_INSECURE: 'true' }).warnings.join();
    expect(loud).toMatch(/which without TRUENAS_USERNAME is sent to whatever answers/);
    const named = loadWith({ TRUENAS_TLS_INSECURE: 'true', TRUENAS_USERNAME: 'reader' }).warnings.join();
    expect(named).not.toMatch(/whatever answers/);
  });

  it('a demo needs neither address nor key', () => {
    const config = load({}, ['--demo', '--release', '27.0', '--datasets', '10_000']);
    expect(config.problems).toEqual([]);
    expect(config.simulator).toMatchObject({ release: '27.0', datasets: 10_000 });
    expect(config.warnings).toEqual([]);
  });

  it('what only a demo needs is said to be ignored without one', () => {
    expect(load({ TRUENAS_URL: 'nas' }, ['--datasets', '5']).warnings.join()).toMatch(/ignored: .* --demo/);
  });
});

describe('the command line', () => {
  it('an unknown flag is an error with the nearest known one', () => {
    expect(loadWith({}, ['--acess', 'read']).usageErrors[0]).toMatch(
      /Unknown flag --acess; did you mean "--access"\?/,
    );
    expect(loadWith({}, ['--port', '1']).usageErrors.length).toBeGreaterThan(0);
  });

  it('a flag without its value does not swallow the next flag', () => {
    expect(load({}, ['--url', '--demo']).usageErrors).toEqual([
      expect.stringMatching(/^--url needs a value/),
    ]);
    expect(load({}, ['--demo', '--url']).usageErrors).toEqual([
      expect.stringMatching(/^--url needs a value/),
    ]);
  });

  it('a stray word, a doubled flag and a bad number are errors', () => {
    expect(load({}, ['--demo', 'now']).usageErrors[0]).toMatch(/Unexpected argument "now"/);
    expect(load({}, ['--demo', '--seed', '1', '--seed', '2']).usageErrors[0]).toMatch(
      /--seed is given twice/,
    );
    expect(load({}, ['--http', 'abc']).usageErrors[0]).toMatch(
      /^--http must be a whole number\. Example: --http 3000/,
    );
  });

  it('a role of no name is an error', () => {
    const { usageErrors } = loadConfig({ argv: ['--role', ','], env: {}, command: 'simulate' });
    expect(usageErrors).toEqual([expect.stringMatching(/^--role must name .* Example: --role /)]);
  });

  it('a long flag with one dash is complained about once', () => {
    expect(load({}, ['-demo']).usageErrors).toEqual([expect.stringMatching(/^Unknown flag -d/)]);
  });

  it.each([
    [['--url=http://nas.local'], /^--url must not be http.* Example: --url nas\.local$/],
    [['--ca-file', join(folder, 'absent.pem')], /^--ca-file names a file .* Example: --ca-file \//],
    [['--access=root'], /^--access must be one of/],
  ])('a wrong value of a flag is complained about by the flag: %j', (argv, reason) => {
    expect(loadWith({}, argv).problems).toEqual([expect.stringMatching(reason)]);
  });

  it('a short flag is never guessed', () => {
    expect(load({}, ['-u', 'nas']).usageErrors[0]).toMatch(/Unknown flag -u/);
  });
});

describe('the settings table', () => {
  it.each(SETTING_ROWS)('%s can be set, and not by a flag when it is a secret', (_name, row) => {
    expect(row.env ?? row.flag).toMatch(/./);
    expect(row.isSecret === true && row.flag !== undefined).toBe(false);
  });

  it.each(SETTING_ROWS.filter(([, row]) => row.default !== undefined))(
    'the default of %s is a right value',
    (_name, row) => {
      expect(() => row.parse(row.default ?? '')).not.toThrow();
    },
  );

  it.each(SETTING_ROWS.filter(([, row]) => row.example !== '' && !/[…$]/.test(row.example)))(
    'the example of %s is a right value',
    (_name, row) => {
      expect(() => row.parse(row.example)).not.toThrow();
    },
  );

  it('names every variable TRUENAS_… once', () => {
    const names = SETTING_ROWS.map(([, row]) => row.env).filter((env) => env !== undefined);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^TRUENAS_[A-Z_]+$/.test(name))).toBe(true);
  });
});

describe('TRUENAS_AUDIT_FILE', () => {
  it.each([
    ['/var/log/audit.jsonl', '/var/log/audit.jsonl'],
    ['~/audit.jsonl', join(homedir(), 'audit.jsonl')],
    ['a/~/audit.jsonl', 'a/~/audit.jsonl'],
  ])('%s is %s: no shell has read it', (path, read) => {
    expect(loadWith({ TRUENAS_AUDIT_FILE: path }).auditFile).toBe(read);
    expect(loadWith({}, ['--audit-file', path]).auditFile).toBe(read);
  });
});
