/** The MCP clients whose configuration the set-up writes: where it lies, in which form, and what an entry looks like there. */
import { join } from 'node:path';
import type { Launch } from '../../client-snippets.ts';
import type { Places } from '../places.ts';

/** How a server is started by a client. */
export interface ServerEntry {
  /** The key of the entry. */
  readonly name: string;
  readonly launch: Launch;
  readonly env: Readonly<Record<string, string>>;
}

/** One client. */
export interface McpClient {
  readonly title: string;
  readonly format: 'json' | 'toml' | 'yaml';
  /** Keys down to the object that holds the servers by name. */
  readonly under: readonly string[];
  readonly file: (places: Places) => string;
  /** A folder or file that is there when the client is installed. */
  readonly sign: (places: Places) => string;
  readonly entry: (server: ServerEntry) => Readonly<Record<string, unknown>>;
  /** What the person does afterwards. */
  readonly afterwards: string;
}

/** The form that most clients share. */
const plain = ({ launch, env }: ServerEntry) => ({ command: launch.command, args: launch.args, env });
const typed = (server: ServerEntry) => ({ type: 'stdio', ...plain(server) });
const inHome =
  (...path: string[]) =>
  ({ home }: Places) =>
    join(home, ...path);
const inSettings =
  (...path: string[]) =>
  ({ settings }: Places) =>
    join(settings, ...path);

const CLIENTS = {
  'claude-desktop': {
    title: 'Claude Desktop',
    format: 'json',
    under: ['mcpServers'],
    file: inSettings('Claude', 'claude_desktop_config.json'),
    sign: inSettings('Claude'),
    entry: plain,
    afterwards: 'Quit Claude Desktop and start it again.',
  },
  'claude-code': {
    title: 'Claude Code',
    format: 'json',
    under: ['mcpServers'],
    file: inHome('.claude.json'),
    sign: inHome('.claude.json'),
    entry: typed,
    afterwards:
      'Start Claude Code anew; one that ran meanwhile may have written the file over (then run setup again).',
  },
  codex: {
    title: 'Codex',
    format: 'toml',
    under: ['mcp_servers'],
    file: inHome('.codex', 'config.toml'),
    sign: inHome('.codex'),
    entry: plain,
    afterwards: 'Start Codex anew.',
  },
  vscode: {
    title: 'VS Code',
    format: 'json',
    under: ['servers'],
    file: inSettings('Code', 'User', 'mcp.json'),
    sign: inSettings('Code', 'User'),
    entry: typed,
    afterwards: 'Run "MCP: List Servers" in VS Code and start it.',
  },
  cursor: {
    title: 'Cursor',
    format: 'json',
    under: ['mcpServers'],
    file: inHome('.cursor', 'mcp.json'),
    sign: inHome('.cursor'),
    entry: plain,
    afterwards: 'Turn it on in the settings of Cursor, under MCP.',
  },
  'lm-studio': {
    title: 'LM Studio',
    format: 'json',
    under: ['mcpServers'],
    file: inHome('.lmstudio', 'mcp.json'),
    sign: inHome('.lmstudio'),
    entry: plain,
    afterwards: 'Turn it on in LM Studio, under Program.',
  },
  gemini: {
    title: 'Gemini CLI',
    format: 'json',
    under: ['mcpServers'],
    file: inHome('.gemini', 'settings.json'),
    sign: inHome('.gemini'),
    entry: plain,
    afterwards: 'Start Gemini CLI anew.',
  },
  windsurf: {
    title: 'Windsurf',
    format: 'json',
    under: ['mcpServers'],
    file: inHome('.codeium', 'windsurf', 'mcp_config.json'),
    sign: inHome('.codeium', 'windsurf'),
    entry: plain,
    afterwards: 'Refresh the servers in Cascade.',
  },
  zed: {
    title: 'Zed',
    format: 'json',
    under: ['context_servers'],
    file: (places) => join(zedFolder(places), 'settings.json'),
    sign: (places) => zedFolder(places),
    // Zed of 2025 wants the source named, later ones read past it.
    entry: (server) => ({ source: 'custom', ...plain(server) }),
    afterwards: 'Zed takes it up by itself.',
  },
  cline: {
    title: 'Cline',
    format: 'json',
    under: ['mcpServers'],
    file: inSettings(
      'Code',
      'User',
      'globalStorage',
      'saoudrizwan.claude-dev',
      'settings',
      'cline_mcp_settings.json',
    ),
    sign: inSettings('Code', 'User', 'globalStorage', 'saoudrizwan.claude-dev'),
    entry: plain,
    afterwards: 'Cline takes it up by itself.',
  },
  goose: {
    title: 'Goose',
    format: 'yaml',
    under: ['extensions'],
    file: (places) => join(gooseFolder(places), 'config.yaml'),
    sign: (places) => gooseFolder(places),
    entry: ({ name, launch, env }) => ({
      enabled: true,
      type: 'stdio',
      name,
      description: 'Looks after a TrueNAS',
      cmd: launch.command,
      args: launch.args,
      envs: env,
      env_keys: [],
      timeout: 300,
    }),
    afterwards: 'Start a new session of Goose.',
  },
} as const satisfies Readonly<Record<string, McpClient>>;

/** Goose keeps to `~/.config` on macOS too. */
function gooseFolder({ platform, home, settings }: Places): string {
  if (platform === 'win32') return join(settings, 'Block', 'goose', 'config');
  return platform === 'darwin' ? join(home, '.config', 'goose') : join(settings, 'goose');
}

function zedFolder({ platform, home, settings }: Places): string {
  if (platform === 'win32') return join(settings, 'Zed');
  return platform === 'darwin' ? join(home, '.config', 'zed') : join(settings, 'zed');
}

export type ClientName = keyof typeof CLIENTS;
/** The names that --client takes. */
export const CLIENT_NAMES = Object.keys(CLIENTS) as ClientName[];

/** A client by its name. */
export function clientOf(name: ClientName): McpClient {
  return CLIENTS[name];
}
