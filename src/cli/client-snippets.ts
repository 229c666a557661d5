/** Configuration to paste into MCP clients, as the demo prints it and the README shows it. */

/** The command with which a client starts the server. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

/** The configuration of one client. */
export interface Snippet {
  readonly client: string;
  /** The file or terminal that it goes into. */
  readonly where: string;
  readonly text: string;
}

/** The published package, without a checkout. */
export const NPX_LAUNCH: Launch = { command: 'npx', args: ['-y', 'truenas-mcp-server'] };

/** The environment of a first set-up; the values are placeholders. */
export const EXAMPLE_ENV: Readonly<Record<string, string>> = {
  TRUENAS_URL: 'nas.local',
  TRUENAS_USERNAME: 'USER-OF-THE-KEY',
  TRUENAS_API_KEY: 'YOUR-API-KEY',
  TRUENAS_TLS_FINGERPRINT: 'SHA-256-OF-THE-CERTIFICATE',
};

/** Snippets for Claude Desktop, Claude Code, VS Code and Cursor, in this order. */
export function clientSnippets(
  launch: Launch,
  env: Readonly<Record<string, string>> = EXAMPLE_ENV,
): Snippet[] {
  const mcpServers = json({ mcpServers: { truenas: { command: launch.command, args: launch.args, env } } });
  return [
    {
      client: 'Claude Desktop',
      where: 'claude_desktop_config.json (Settings > Developer > Edit Config)',
      text: mcpServers,
    },
    { client: 'Claude Code', where: 'a terminal', text: claudeCode(launch, env) },
    { client: 'VS Code', where: '.vscode/mcp.json', text: vsCode(launch, env) },
    { client: 'Cursor', where: '~/.cursor/mcp.json', text: mcpServers },
  ];
}

function claudeCode(launch: Launch, env: Readonly<Record<string, string>>): string {
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  return ['claude', 'mcp', 'add', 'truenas', ...variables, '--', launch.command, ...launch.args]
    .map(quoted)
    .join(' ');
}

/** VS Code asks for the key once and keeps it in the system's key store, so it need not stand in the file. */
function vsCode(launch: Launch, env: Readonly<Record<string, string>>): string {
  const input = {
    type: 'promptString',
    id: 'truenas-api-key',
    description: 'TrueNAS API key',
    password: true,
  };
  const hidden = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      name === 'TRUENAS_API_KEY' ? `\${input:${input.id}}` : value,
    ]),
  );
  const server = { type: 'stdio', command: launch.command, args: launch.args, env: hidden };
  return json({ inputs: [input], servers: { truenas: server } });
}

/** Double quotes work in POSIX shells, cmd and PowerShell alike. */
function quoted(word: string): string {
  return /^[\w@%+=:,./\\-]+$/.test(word) ? word : `"${word.replaceAll('"', '\\"')}"`;
}

function json(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
