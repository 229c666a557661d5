/** Brings the settings of changes together. */
import { type ChangeSettings, DEFAULT_CHANGE_SETTINGS } from '../policy/change-settings.ts';
import { type Findings, folderFrom, keyFromFile } from './files.ts';
import type { SettingValues } from './config.ts';

/** The settings of changes; what is wrong goes to `findings`. */
export function changesFrom(set: SettingValues, findings: Findings): ChangeSettings {
  const apiKey = writeKeyFrom(set, findings);
  const { approval = DEFAULT_CHANGE_SETTINGS.approval, scope, protect, writeUsername } = set;
  const secretsFolder = folderFrom('secretsDir', set.secretsDir, findings, { mustExist: true });
  const stateFolder = folderFrom('stateDir', set.stateDir, findings, { mustExist: false });
  warn(set, apiKey, findings);
  return {
    ...(apiKey === undefined ? {} : { writeKey: { apiKey, username: writeUsername } }),
    writeSessionMinutes: set.writeSession ?? DEFAULT_CHANGE_SETTINGS.writeSessionMinutes,
    approval,
    ...(scope === undefined ? {} : { scope }),
    protectedDatasets: protect ?? [],
    allowsCode: set.allowCode === true,
    allowsApiWrite: set.apiWrite === true,
    ...(stateFolder === undefined ? {} : { stateFolder }),
    ...(secretsFolder === undefined ? {} : { secretsFolder }),
  };
}

function writeKeyFrom(set: SettingValues, findings: Findings): string | undefined {
  if (set.writeApiKeyFile === undefined) return set.writeApiKey;
  if (set.writeApiKey === undefined) return keyFromFile('writeApiKeyFile', set.writeApiKeyFile, findings);
  findings.problems.push(
    'TRUENAS_WRITE_API_KEY and TRUENAS_WRITE_API_KEY_FILE are both set. Keep one of them.',
  );
  return undefined;
}

function warn(set: SettingValues, apiKey: string | undefined, { warnings: say }: Findings): void {
  if (apiKey !== undefined && apiKey === set.apiKey)
    say.push(
      'TRUENAS_WRITE_API_KEY is the same key as TRUENAS_API_KEY: reading needs no rights to change anything. Make a key for each.',
    );
  if (apiKey !== undefined && (set.access ?? 'read') === 'read')
    say.push('TRUENAS_WRITE_API_KEY is not used at TRUENAS_ACCESS=read: nothing is changed there.');
  if (apiKey === undefined && set.writeUsername !== undefined)
    say.push('TRUENAS_WRITE_USERNAME is ignored: there is no TRUENAS_WRITE_API_KEY.');
  if (set.apiWrite === true && (set.access ?? 'read') === 'read')
    say.push('TRUENAS_API_WRITE is not used at TRUENAS_ACCESS=read: nothing is changed there.');
  if (set.apiWrite === true && set.toolsets !== undefined && !set.toolsets.includes('api'))
    say.push('TRUENAS_API_WRITE is not used without the toolset api in TRUENAS_TOOLSETS.');
  if (set.approval === 'client')
    say.push(
      'TRUENAS_APPROVAL=client: whatever answers the forms of the MCP client approves changes. A model that can run programs on this computer may do so itself.',
    );
}
