/** Checks of the settings, and of the files and folders that they name. */
import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createSecretFolder } from '../../changes/secret-folder.ts';
import { openStateFolder } from '../../changes/state-folder.ts';
import type { Config } from '../../config/index.ts';
import { plural } from '../../output/units.ts';
import { silentLog } from '../../truenas/log.ts';
import { type Check, failure, finding, result } from './check.ts';

const RESTART = 'Correct it where the MCP server is configured, and restart it.';

/** What is wrong or doubtful in the settings: one result for each, or one that all is well. */
export function configurationChecks(config: Config): Check[] {
  const { problems, misspelt, exposures, warnings, settings } = config;
  const known = new Set([...misspelt, ...exposures]);
  const found = [
    ...problems.map((text) => finding('configuration', 'failed', text, RESTART)),
    ...misspelt.map((text) => finding('configuration', 'failed', `${text}.`.replace(/\?\.$/, '?'), RESTART)),
    ...warnings
      .filter((text) => !known.has(text))
      .map((text) => finding('configuration', 'warning', text, 'Change the setting if it is not meant so.')),
  ];
  if (found.length > 0) return found;
  return [result('configuration', 'ok', `${plural(settings.length, 'setting')}, all understood.`)];
}

/** Whether others can read the keys, replace the authorities or alter the secrets. */
export async function fileChecks({
  exposures,
  caFile,
  changes,
  settings,
  systemName,
}: Config): Promise<Check[]> {
  if (process.getuid === undefined)
    return [result('files', 'not-told', 'Permissions of files are not looked at on this system.')];
  const found: Check[] = [
    // The command to run is the last sentence.
    ...exposures.map((text) => {
      const [what = text, fix = ''] = text.split(/(?= Run: )/);
      return finding('files', 'failed', what, fix.trim());
    }),
    ...(caFile === undefined ? [] : replaceable(caFile)),
    ...(changes.secretsFolder === undefined ? [] : await secretChecks(changes.secretsFolder, systemName)),
  ];
  if (found.length > 0) return found;
  const names = settings.filter((name) => /FILE|file|SECRETS|secrets|CONFIG|config/.test(name));
  const text =
    names.length === 0 ? 'no key, authority or secret in a file.' : 'only their owner gets at them.';
  return [result('files', 'ok', text)];
}

/** A file of authorities may be read by all, but whoever can write it decides which NAS is trusted. */
function replaceable(path: string): Check[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || (stats.mode & 0o022) === 0) return [];
  return [
    finding(
      'files',
      'failed',
      `TRUENAS_CA_FILE: other users can change ${path}, and with it which certificate is trusted.`,
      `Run: chmod go-w ${path}`,
    ),
  ];
}

/** The folder's own reader judges each entry; asked for one that nobody has, it uses none. */
async function secretChecks(folder: string, system: string): Promise<Check[]> {
  const refused: Check[] = [];
  const warn = (message: string, details?: Readonly<Record<string, unknown>>) => {
    const { path, reason } = details ?? {};
    const what = typeof path === 'string' ? `${message}: ${path}` : message;
    refused.push(
      finding('files', 'failed', `TRUENAS_SECRETS_DIR: ${what} (${String(reason)}).`, 'Mend the entry.'),
    );
  };
  const nobodys = { method: '', field: '', of: '' };
  await createSecretFolder({ folder, onlySystem: system, log: { ...silentLog, warn } }).find(system, nobodys);
  return refused;
}

/** Whether calls and changes can be noted. */
export async function folderChecks({ auditFile, changes }: Config): Promise<Check[]> {
  return [
    auditFile === undefined
      ? result('audit file', 'ok', 'none is set (TRUENAS_AUDIT_FILE).')
      : auditCheck(auditFile),
    changes.stateFolder === undefined
      ? result('state folder', 'ok', 'none is set (TRUENAS_STATE_DIR).')
      : await stateCheck(changes.stateFolder),
  ];
}

/** Nothing is created: whoever runs this may not be the user whom the server runs as. */
function auditCheck(path: string): Check {
  const fail = (reason: string) =>
    finding(
      'audit file',
      'failed',
      `TRUENAS_AUDIT_FILE: ${path} cannot be used: ${reason}.`,
      'Mend it or name another file; until then calls are not noted.',
    );
  try {
    const file = lstatSync(path, { throwIfNoEntry: false });
    if (file === undefined) {
      const folder = dirname(path);
      if (!statSync(folder).isDirectory()) return fail(`${folder} is not a folder`);
      accessSync(folder, constants.W_OK | constants.X_OK);
      return result('audit file', 'ok', `${path} is made when the server starts.`);
    }
    if (file.isSymbolicLink()) return fail('it is a symbolic link');
    if (!file.isFile()) return fail('it is not a regular file');
    if (process.getuid !== undefined) {
      if (file.uid !== process.getuid()) return fail('it belongs to another user');
      if ((file.mode & 0o077) !== 0) return fail('other users can read or change it; run chmod 600 on it');
    }
    accessSync(path, constants.W_OK);
    return result('audit file', 'ok', `${path} is its owner's alone and can be written.`);
  } catch (error) {
    return fail(codeOf(error));
  }
}

async function stateCheck(path: string): Promise<Check> {
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) {
      accessSync(nearestFolder(path), constants.W_OK | constants.X_OK);
      return result('state folder', 'ok', `${path} is made with the first change.`);
    }
    await openStateFolder(path);
    accessSync(path, constants.W_OK | constants.X_OK);
    return result('state folder', 'ok', `${path} is its owner's alone and can be written.`);
  } catch (error) {
    if (error instanceof Error && 'summary' in error) return failure('state folder', error);
    const text = `The folder of TRUENAS_STATE_DIR cannot be used: ${codeOf(error)}.`;
    return finding(
      'state folder',
      'failed',
      text,
      'Mend it or name another folder; until then nothing is changed.',
    );
  }
}

/** The folder in which a missing one would be made. */
function nearestFolder(path: string): string {
  const parent = dirname(path);
  return parent === path || statSync(parent, { throwIfNoEntry: false }) !== undefined
    ? parent
    : nearestFolder(parent);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
