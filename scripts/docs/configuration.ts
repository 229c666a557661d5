/** docs/configuration.md, from the settings table that parsing and --help use. */
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
      'Everything is set by environment variables, or by flags of the command, which win. Secrets have no flag, because other',
      'users of a machine can read the command lines of its processes. A wrong value does not stop the server: it starts, lists',
      'its tools, and every call answers with the name of the variable, what was wrong with it, and an example of a right one.',
    ].join('\n'),
    ...COMMANDS.map(section),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n');
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
