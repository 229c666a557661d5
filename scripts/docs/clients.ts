/** The client configurations in the README: one object per client, so that each can be parsed and tried by a test. */

/** How one MCP client is told about the server. */
export interface ClientSetup {
  readonly client: string;
  /** Where it goes. */
  readonly where: string;
  readonly language: 'json' | 'sh';
  readonly text: string;
}

const ENV = {
  TRUENAS_URL: 'nas.local',
  TRUENAS_USERNAME: 'mcp-reader',
  TRUENAS_API_KEY_FILE: '/path/to/truenas-api-key',
  TRUENAS_TLS_FINGERPRINT: 'AB:CD:…',
};

const COMMAND = { command: 'npx', args: ['-y', 'truenas-mcp-server'] };

/** The clients of the README, in its order. */
export const CLIENT_SETUPS: readonly ClientSetup[] = [
  {
    client: 'Claude Desktop',
    where: '`claude_desktop_config.json` (Settings → Developer → Edit Config)',
    language: 'json',
    text: JSON.stringify({ mcpServers: { truenas: { ...COMMAND, env: ENV } } }, null, 2),
  },
  {
    client: 'Claude Code',
    where: 'in a terminal',
    language: 'sh',
    text: [
      'claude mcp add truenas \\',
      ...Object.entries(ENV).map(([name, value]) => `  --env ${name}=${value} \\`),
      `  -- ${COMMAND.command} ${COMMAND.args.join(' ')}`,
    ].join('\n'),
  },
  {
    client: 'VS Code',
    where: '`.vscode/mcp.json`, or "MCP: Open User Configuration"',
    language: 'json',
    text: JSON.stringify({ servers: { truenas: { type: 'stdio', ...COMMAND, env: ENV } } }, null, 2),
  },
  {
    client: 'Cursor',
    where: '`~/.cursor/mcp.json`',
    language: 'json',
    text: JSON.stringify({ mcpServers: { truenas: { ...COMMAND, env: ENV } } }, null, 2),
  },
];

/** The README's part. */
export function clientsSection(): string {
  return CLIENT_SETUPS.map(
    ({ client, where, language, text }) => `**${client}**: ${where}\n\n\`\`\`${language}\n${text}\n\`\`\``,
  ).join('\n\n');
}
