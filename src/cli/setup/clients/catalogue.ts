/** The MCP clients whose configuration the set-up writes: where it lies, in which form, and what an entry looks like there. */
import type { Launch } from '../../client-snippets.ts';
import type { Places } from '../places.ts';
import {
  claudeCodeFile,
  claudeDesktopFolder,
  clineFile,
  clineSign,
  codexFolder,
  geminiFolder,
  gooseFolder,
  inFolder,
  inHome,
  inSettings,
  lmStudioFolder,
  zedFolder,
} from './folders.ts';

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
  /** The key of an entry where the client has rules for it. */
  readonly key?: (name: string) => string;
  /** What the client replaces by variables of its own wherever it stands in an entry; it knows no way to write it as it is. */
  readonly replaces?: RegExp;
  /** It takes less than JSON with comments and trailing commas, and reads nothing of a file that has more. */
  readonly reads?: 'plain JSON' | 'JSON with comments';
  /** What the person does afterwards. */
  readonly afterwards: string;
}

/** The form that most clients share. */
const plain = ({ launch, env }: ServerEntry) => ({ command: launch.command, args: launch.args, env });
/** `${NAME}`, `${env:NAME}`, `${file:PATH}` and the like. */
const BRACED = /\$\{[^}]+\}/;
const typed = (server: ServerEntry) => ({ type: 'stdio', ...plain(server) });

const CLIENTS = {
  'claude-desktop': {
    title: 'Claude Desktop',
    format: 'json',
    under: ['mcpServers'],
    file: inFolder(claudeDesktopFolder, 'claude_desktop_config.json'),
    sign: claudeDesktopFolder,
    entry: plain,
    reads: 'plain JSON',
    afterwards: 'Quit Claude Desktop and start it again.',
  },
  'claude-code': {
    title: 'Claude Code',
    format: 'json',
    under: ['mcpServers'],
    file: claudeCodeFile,
    sign: claudeCodeFile,
    entry: typed,
    replaces: BRACED,
    reads: 'plain JSON',
    afterwards:
      'Start Claude Code anew; one that ran meanwhile may have written the file over (then run setup again).',
  },
  codex: {
    title: 'Codex',
    format: 'toml',
    under: ['mcp_servers'],
    file: inFolder(codexFolder, 'config.toml'),
    sign: codexFolder,
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
    replaces: BRACED,
    afterwards: 'Run "MCP: List Servers" in VS Code and start it.',
  },
  cursor: {
    title: 'Cursor',
    format: 'json',
    under: ['mcpServers'],
    file: inHome('.cursor', 'mcp.json'),
    sign: inHome('.cursor'),
    entry: plain,
    replaces: BRACED,
    afterwards: 'Turn it on in the settings of Cursor, under MCP.',
  },
  'lm-studio': {
    title: 'LM Studio',
    format: 'json',
    under: ['mcpServers'],
    file: inFolder(lmStudioFolder, 'mcp.json'),
    sign: lmStudioFolder,
    entry: plain,
    // Its documentation says that it follows Cursor.
    replaces: BRACED,
    afterwards: 'Turn it on in LM Studio, under Program.',
  },
  gemini: {
    title: 'Gemini CLI',
    format: 'json',
    under: ['mcpServers'],
    file: inFolder(geminiFolder, 'settings.json'),
    sign: geminiFolder,
    entry: plain,
    reads: 'JSON with comments',
    // It looks twice, so that no spelling of a default survives.
    replaces: /\$(?:\w+|\{[^}]+\})/,
    afterwards:
      'Start Gemini CLI anew, in a folder that it trusts (/permissions): in any other it starts no server.',
  },
  windsurf: {
    title: 'Windsurf',
    format: 'json',
    under: ['mcpServers'],
    file: inHome('.codeium', 'windsurf', 'mcp_config.json'),
    sign: inHome('.codeium', 'windsurf'),
    entry: plain,
    replaces: BRACED,
    afterwards: 'Refresh the servers in Cascade.',
  },
  zed: {
    title: 'Zed',
    format: 'json',
    under: ['context_servers'],
    file: inFolder(zedFolder, 'settings.json'),
    sign: zedFolder,
    // Zed of 2025 wants the source named, later ones read past it.
    entry: (server) => ({ source: 'custom', ...plain(server) }),
    afterwards: 'Zed takes it up by itself.',
  },
  cline: {
    title: 'Cline',
    format: 'json',
    under: ['mcpServers'],
    file: clineFile,
    sign: clineSign,
    entry: plain,
    replaces: BRACED,
    reads: 'plain JSON',
    afterwards: 'Cline takes it up by itself.',
  },
  goose: {
    title: 'Goose',
    format: 'yaml',
    under: ['extensions'],
    file: inFolder(gooseFolder, 'config.yaml'),
    sign: gooseFolder,
    // Its own writing folds the case: a second entry would stand beside one with capitals.
    key: (name) => name.toLowerCase(),
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

export type ClientName = keyof typeof CLIENTS;
/** The names that --client takes. */
export const CLIENT_NAMES = Object.keys(CLIENTS) as ClientName[];

/** A client by its name. */
export function clientOf(name: ClientName): McpClient {
  return CLIENTS[name];
}
