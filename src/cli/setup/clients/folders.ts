/** Where MCP clients keep their configuration, with the variables by which each lets it be elsewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Places } from '../places.ts';

/** A path that depends on the computer. */
export type PathOf = (places: Places) => string;

/** Below the home folder. */
export const inHome =
  (...path: string[]): PathOf =>
  ({ home }) =>
    join(home, ...path);

/** Below the folder in which programs keep their settings. */
export const inSettings =
  (...path: string[]): PathOf =>
  ({ settings }) =>
    join(settings, ...path);

/** A file of a folder. */
export const inFolder =
  (folder: PathOf, file: string): PathOf =>
  (places) =>
    join(folder(places), file);

/** From the Microsoft Store and by its own installer since 2026, Windows redirects the folder into that of the package. */
export function claudeDesktopFolder({ platform, settings, local }: Places): string {
  const packaged = join(local, 'Packages', 'Claude_pzs8sxrjxfjjc', 'LocalCache', 'Roaming', 'Claude');
  return platform === 'win32' && existsSync(packaged) ? packaged : join(settings, 'Claude');
}

/** The file of Claude Code. */
export function claudeCodeFile({ home, variable }: Places): string {
  return join(variable('CLAUDE_CONFIG_DIR') ?? home, '.claude.json');
}

/** The folder of Codex. */
export function codexFolder({ home, variable }: Places): string {
  return variable('CODEX_HOME') ?? join(home, '.codex');
}

/** The folder of Gemini CLI. */
export function geminiFolder({ home, variable }: Places): string {
  return join(variable('GEMINI_CLI_HOME') ?? home, '.gemini');
}

/** LM Studio notes the folder that it chose, and looks for it in this order itself. */
export function lmStudioFolder({ home }: Places): string {
  const pointer = join(home, '.lmstudio-home-pointer');
  if (existsSync(pointer)) return readFileSync(pointer, 'utf8').trim();
  const earlier = join(home, '.cache', 'lm-studio');
  return existsSync(earlier) ? earlier : join(home, '.lmstudio');
}

/** One file for the extension, the command line and JetBrains since Cline 4; before, the extension's own, which it moves once. */
export function clineFile(places: Places): string {
  const { variable } = places;
  const chosen = variable('CLINE_MCP_SETTINGS_PATH');
  if (chosen !== undefined) return chosen;
  const data = variable('CLINE_DATA_DIR') ?? join(clineFolder(places), 'data');
  const before = join(clineExtension(places), 'settings', CLINE_FILE);
  return existsSync(before) && !existsSync(data) ? before : join(data, 'settings', CLINE_FILE);
}

/** What is there when Cline is installed. */
export function clineSign(places: Places): string {
  const folder = clineFolder(places);
  return existsSync(folder) ? folder : clineExtension(places);
}

const CLINE_FILE = 'cline_mcp_settings.json';

function clineFolder({ home, variable }: Places): string {
  return variable('CLINE_DIR') ?? join(home, '.cline');
}

function clineExtension({ settings }: Places): string {
  return join(settings, 'Code', 'User', 'globalStorage', 'saoudrizwan.claude-dev');
}

/** Goose keeps to `~/.config` on macOS too. */
export function gooseFolder({ platform, home, settings }: Places): string {
  if (platform === 'win32') return join(settings, 'Block', 'goose', 'config');
  return platform === 'darwin' ? join(home, '.config', 'goose') : join(settings, 'goose');
}

/** Zed keeps to `~/.config` on macOS too. */
export function zedFolder({ platform, home, settings }: Places): string {
  if (platform === 'win32') return join(settings, 'Zed');
  return platform === 'darwin' ? join(home, '.config', 'zed') : join(settings, 'zed');
}
