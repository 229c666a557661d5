/** docs/configuration.md, from the settings table that parsing, the file and --help use. */
import { fileKey } from '../../src/config/file/keys.ts';
import { SETTING_ROWS } from '../../src/config/settings.ts';
import { COMMANDS, type Command, type Setting } from '../../src/config/setting.ts';
import { code, GENERATED, table } from './markdown.ts';

const INTRODUCTIONS: Readonly<Record<Command, string>> = {
  serve: '`truenas-mcp` or `truenas-mcp serve`: what an MCP client starts.',
  demo: '`truenas-mcp demo`: the guided tour against a simulated TrueNAS.',
  simulate: '`truenas-mcp simulate`: the simulated TrueNAS alone.',
};

/** The whole page. */
export function configurationPage(): string {
  return [
    GENERATED,
    '# Configuration',
    [
      'Everything is set by environment variables, or by flags of the command, which win, or in a file, over which both win.',
      'Secrets have no flag, because other users of a machine can read the command lines of its processes. A wrong value does not',
      'stop the server: it starts, lists its tools, and every call answers with the name of the variable, what was wrong with it,',
      'and an example of a right one.',
    ].join('\n'),
    fileSection(),
    ...COMMANDS.map(section),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
}

/** The example is read by a test with every key of it. */
export const EXAMPLE_FILE = `access: read
toolsets: [system, storage, protection]
systems:
  attic:
    url: nas.local
    username: mcp-reader
    api_key_file: /run/secrets/truenas_api_key
    tls_fingerprint: ${'AB:'.repeat(31)}CD
`;

function fileSection(): string {
  const keys = SETTING_ROWS.flatMap(([, row]) => fileKey(row) ?? []);
  return [
    '## The file',
    [
      '`TRUENAS_CONFIG` (or `--config`) names a file in YAML. Its keys are the variables below in small letters and without',
      '`TRUENAS_`:',
    ].join('\n'),
    `\`\`\`yaml\n${EXAMPLE_FILE}\`\`\``,
    [
      'What says which NAS, and with which key, may stand under `systems` and a name for the NAS, or at the top like the rest.',
      'There is one NAS today. Lists are lists or words with commas; paths are meant from the folder of the file. A key that is',
      "unknown and a value that is wrong are named with their line. A file that holds a key must be its owner's alone",
      '(`chmod 600`); better, let `api_key_file` name another.',
    ].join('\n'),
    [
      '`truenas-mcp config show` prints what counts and the place each value comes from, without secrets; `truenas-mcp config check`',
      'says what is wrong, without asking the NAS. Both take the flags of serve, and `--json`.',
    ].join('\n'),
    `All keys: ${keys.map((key) => code(key)).join(', ')}.`,
  ].join('\n\n');
}

function section(command: Command): string {
  const rows = SETTING_ROWS.map(([, row]) => row).filter((row) => row.commands.includes(command));
  return [
    `## ${command}`,
    INTRODUCTIONS[command],
    table(['Variable', 'Flag', 'Value', 'Default', 'Meaning'], rows.map(cells)),
  ].join('\n\n');
}

function cells(row: Setting<unknown>): string[] {
  const flag = row.flag === undefined ? undefined : `--${row.flag}${row.isSwitch === true ? '' : ' VALUE'}`;
  return [
    code(row.env),
    row.isSecret === true ? 'none: a secret' : code(flag),
    row.type,
    code(row.default),
    row.example === '' || row.isSwitch === true
      ? row.description
      : `${row.description} Example: ${code(row.example)}`,
  ];
}
