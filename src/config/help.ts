/** `--help`, from the settings table. */
import { SETTING_ROWS } from './settings.ts';
import type { Command, Setting } from './setting.ts';
import { wrapped } from './wrapped.ts';

/** Commands that take settings. */
export const SUMMARIES: Readonly<Record<Command, string>> = {
  serve: 'Serve MCP on stdio (default), for Claude, VS Code, Cursor and other MCP clients.',
  demo: 'Start a simulated TrueNAS and show what the server answers; needs nothing.',
  simulate: 'Run the simulated TrueNAS alone, on this machine only, until interrupted.',
};

/** Commands that take no settings. */
export const OTHER_COMMANDS = {
  setup:
    'Connect a TrueNAS with your MCP client: trust, least-privilege user, key, configuration, check; --remove undoes it.',
  approve: 'Show the changes that wait for a person, and apply or decline them after a sign-in to the NAS.',
  call: "call TOOL '{…}' [settings of serve] [--json]: call a tool as an MCP client would, with the same gates; without TOOL, list the tools. Exit code 0: done, 1: failed, 2: a change was sent and its outcome is unknown.",
  doctor:
    'Check everything between this program and the NAS, one line for each check with its remedy; takes the settings of serve, and --json or --report (a report without names and addresses, for an issue).',
  config:
    'config show [settings of serve] [--json]: the settings that count and the place of each, without secrets; config check: what is wrong with them, without asking the NAS. Exit code 0: right, 1: something is wrong.',
  completion:
    'completion bash|zsh|fish: print a script that completes commands, flags and their values in that shell.',
  audit: 'audit verify FILE: tell whether the audit of changes was altered.',
} as const;

/** The help of one command, or of the program. */
export function helpText(command: Command | undefined): string {
  return command === undefined ? programHelp() : commandHelp(command);
}

function programHelp(): string {
  const commands = Object.entries({ ...SUMMARIES, ...OTHER_COMMANDS }).map(
    ([name, summary]) => `  ${name.padEnd(10)} ${summary}`,
  );
  return [
    'Usage: truenas-mcp [command] [options]',
    '',
    'Commands:',
    ...commands,
    '',
    'Options:',
    '  --help     What a command takes: truenas-mcp serve --help',
    '  --version  The version of this program',
    '',
    'Settings come from flags, the environment or the file that TRUENAS_CONFIG names;',
    'TRUENAS_URL and TRUENAS_API_KEY are the two to begin with.',
    '',
  ].join('\n');
}

function commandHelp(command: Command): string {
  const rows = SETTING_ROWS.map(([, row]) => row).filter((row) => row.commands.includes(command));
  const flags = rows.filter((row) => row.flag !== undefined);
  const variables = rows.filter((row) => row.flag === undefined);
  return [
    `Usage: truenas-mcp ${command} [options]`,
    '',
    SUMMARIES[command],
    '',
    'Options:',
    ...flags.flatMap((row) =>
      entry(row.isSwitch === true ? `--${row.flag ?? ''}` : `--${row.flag ?? ''} VALUE`, row),
    ),
    ...(variables.length === 0 ? [] : ['', 'By environment only (secrets):']),
    ...variables.flatMap((row) => entry(row.env ?? '', row)),
    '',
  ].join('\n');
}

function entry(label: string, row: Setting<unknown>): string[] {
  const facts = [
    row.isSwitch === true ? undefined : row.type,
    row.default === undefined ? undefined : `default ${row.default}`,
    row.env === undefined || row.flag === undefined ? undefined : `or ${row.env}`,
  ].filter((fact) => fact !== undefined);
  return [
    `  ${label}`,
    ...wrapped(row.description),
    ...(facts.length === 0 ? [] : [`      (${facts.join('; ')})`]),
  ];
}
