// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shells write their variables so.
/** The completion scripts, each asked in its own shell; a shell that is not installed is skipped. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { completion } from '../../../src/cli/completion/completion.ts';
import { commandWords, SHELLS, type Shell } from '../../../src/cli/completion/words.ts';
import { OTHER_COMMANDS } from '../../../src/config/help.ts';
import { COMMANDS, SETTING_ROWS } from '../../../src/config/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'truenas-mcp-completion-'));
writeFileSync(join(folder, 'nas one.yaml'), '');
mkdirSync(join(folder, 'nas-folder'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function scriptOf(shell: Shell): Promise<string> {
  let text = '';
  expect(
    await completion([shell], (part) => {
      text += part;
    }),
  ).toBe(0);
  return text;
}

const has = (shell: Shell): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

/** What the shell offers for the last word of a command line. */
async function offered(shell: Shell, words: readonly string[]): Promise<string[]> {
  const script = join(folder, `script.${shell}`);
  writeFileSync(script, await scriptOf(shell));
  const { stdout, stderr, status } = spawnSync(shell, ASK[shell](script, words), {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, TERM: 'dumb' },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '')
    .filter((line) => line !== '');
}

const quoted = (word: string): string => `'${word}'`;

/** Asks without a terminal: bash and fish can be asked as they are, zsh with its own `compadd` replaced. */
const ASK: Readonly<Record<Shell, (script: string, words: readonly string[]) => string[]>> = {
  bash: (script, words) => [
    '--norc',
    '-c',
    `source ${quoted(script)}; COMP_WORDS=(truenas-mcp ${words.map(quoted).join(' ')}); COMP_CWORD=${words.length}; _truenas_mcp; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  zsh: (script, words) => [
    '-f',
    '-c',
    [
      'compdef() { :; }; compset() { current=${current#*=}; }; _files() { print -l -- *(N); }',
      'typeset -a offered; compadd() { shift; for each in "$@"; do [[ $each == ${current}* ]] && print -r -- $each; done; true; }',
      '_describe() { for each in ${(P)2}; do print -r -- ${each%%:*}; done; }',
      `source ${quoted(script)}; words=(truenas-mcp ${words.map(quoted).join(' ')}); CURRENT=${words.length + 1}; _truenas_mcp`,
    ].join('\n'),
  ],
  fish: (script, words) => [
    '--no-config',
    '-c',
    `source ${quoted(script)}; complete -C ${quoted(['truenas-mcp', ...words].join(' '))}`,
  ],
};

describe.each(SHELLS)('completion in %s', (shell) => {
  describe.skipIf(!has(shell))('where it is installed', () => {
    it('the first word is a command', async () => {
      const found = await offered(shell, ['']);
      expect(found).toEqual(expect.arrayContaining([...COMMANDS, ...Object.keys(OTHER_COMMANDS)]));
    });

    it('a flag is one of the command, or of serve where there is none', async () => {
      const found = await offered(shell, ['simulate', '--re']);
      expect(found).toEqual(['--release']);
      expect(await offered(shell, ['--tls-'])).toEqual(
        expect.arrayContaining(['--tls-fingerprint', '--tls-insecure']),
      );
      expect(await offered(shell, ['doctor', '--rep'])).toEqual(['--report']);
    });

    it('a value is one of those that the setting takes', async () => {
      const levels = ['read', 'operate', 'manage', 'destroy'];
      expect((await offered(shell, ['serve', '--access', ''])).sort()).toEqual([...levels].sort());
      expect(
        (await offered(shell, ['simulate', '--world', 'o'])).filter((word) => word.startsWith('o')),
      ).toEqual(['office']);
    });

    it('a text of which nothing is known is not guessed', async () => {
      expect((await offered(shell, ['serve', '--url', ''])).filter((word) => word.startsWith('-'))).toEqual(
        [],
      );
    });

    it('a file is completed where a setting names one', async () => {
      const found = await offered(shell, ['serve', '--config', 'nas']);
      expect(found.join('\n')).toMatch(/nas\\? one\.yaml/);
    });

    it('call knows the tools, audit and config their verbs', async () => {
      expect(await offered(shell, ['call', 'list_po'])).toEqual(['list_pools']);
      expect(await offered(shell, ['audit', 'v'])).toEqual(['verify']);
      expect((await offered(shell, ['config', ''])).filter((word) => !word.startsWith('-')).sort()).toEqual([
        'check',
        'show',
      ]);
    });
  });
});

describe.skipIf(!has('bash'))('in bash', () => {
  it('a value after an equals sign is completed, which bash takes for a word of its own', async () => {
    expect(await offered('bash', ['serve', '--access', '=', 'op'])).toEqual(['operate']);
    expect(await offered('bash', ['serve', '--log-level', '='])).toContain('debug');
  });
});

describe('the words', () => {
  it('are those of every command and every flag of the tables', () => {
    const commands = commandWords();
    expect(commands.map(({ name }) => name)).toEqual([...COMMANDS, ...Object.keys(OTHER_COMMANDS)]);
    const serve = commands.find(({ name }) => name === 'serve');
    const flags = SETTING_ROWS.flatMap(([, row]) => (row.commands.includes('serve') ? (row.flag ?? []) : []));
    expect(serve?.flags.map(({ name }) => name)).toEqual(flags);
  });

  it('of every setting with choices are values that it takes', () => {
    const rows = SETTING_ROWS.filter(([, row]) => row.choices !== undefined);
    expect(rows.length).toBeGreaterThan(4);
    for (const [, row] of rows)
      for (const choice of row.choices ?? []) expect(() => row.parse(choice)).not.toThrow();
  });

  it('name no secret setting', async () => {
    for (const shell of SHELLS)
      expect(await scriptOf(shell)).not.toMatch(/--(?:write-)?api-key(?!-file)|http-token/);
  });
});

describe('another shell', () => {
  it.each([[[]], [['powershell']], [['bash', 'zsh']]])('is a wrong command line: %j', async (args) => {
    expect(await completion(args, () => undefined)).toBe(2);
  });
});
