/** search_api finds tools, listed or not, by the words that people use for what they want. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { accessTo } from '../../support/access.ts';
import { ALL_TOOLS } from '../../support/registry.ts';
import { LOCAL_CALLER } from '../../../src/access/caller.ts';
import { createRunner } from '../../../src/mcp/call/run.ts';
import { listedTool } from '../../../src/mcp/derived-definitions.ts';
import { findableTools } from '../../../src/mcp/findable-tools.ts';
import { type Granted, grantedTools } from '../../../src/mcp/tool-registry.ts';
import { createRedactor } from '../../../src/output/redact/redactor.ts';
import { findTools } from '../../../src/tools/api/find-tools.ts';
import { searchApi } from '../../../src/tools/api/search-api.ts';
import { toolLines } from '../../../src/tools/api/tool-lines.ts';
import { TOOLSET_NAMES } from '../../../src/tools/toolset.ts';
import { openTrueNas, silentLog } from '../../../src/truenas/index.ts';

const LISTED = ALL_TOOLS.map(listedTool);

function findables(granted: Partial<Granted> = {}) {
  const all = { access: 'destroy', toolsets: TOOLSET_NAMES, ...granted } as const;
  return findableTools(LISTED, grantedTools(LISTED, all), all);
}

const found = (phrase: string, granted?: Partial<Granted>) => findTools(phrase, findables(granted));
const namesFor = (phrase: string) => found(phrase).map(({ name }) => name);

/** What people say for what no list shows them. */
const WANTED: readonly (readonly [phrase: string, tool: string])[] = [
  ['keep this snapshot from ever being deleted', 'hold_snapshot'],
  ['protect tank/media@before-upgrade', 'hold_snapshot'],
  ['remove the hold on a snapshot', 'release_snapshot'],
  ['let the task delete that snapshot again', 'release_snapshot'],
  ['writable copy of a snapshot', 'clone_snapshot'],
  ['make a block device for a vm', 'create_zvol'],
  ['new volume for iscsi', 'create_zvol'],
  ['move a dataset under another parent', 'rename_dataset'],
  ['rename tank/media to tank/films', 'rename_dataset'],
  ['make a clone independent', 'promote_dataset'],
  ['lock an encrypted dataset', 'lock_dataset'],
  ['enter the passphrase for my encrypted dataset', 'unlock_dataset'],
  ['check the pool for bit rot', 'start_scrub'],
  ['pause the scrub', 'stop_scrub'],
  ['take a disk offline', 'offline_disk'],
  ['pull a drive from the pool', 'offline_disk'],
  ['bring the disk back online', 'online_disk'],
  ['keep snapshots longer', 'update_snapshot_task'],
  ['stop the automatic snapshots', 'delete_snapshot_task'],
  ['install a docker compose file', 'create_app'],
  ['run a container from yaml', 'create_app'],
  ['set a static ip address', 'update_interface'],
  ['change the address of the nas', 'update_interface'],
  ['jumbo frames on a network card', 'update_interface'],
  ['copy snapshots to another nas every night', 'create_replication'],
  ['replicate a dataset off site', 'create_replication'],
  ['launch an app', 'start_app'],
  ['stop a container', 'stop_app'],
  ['restart the plex app', 'restart_app'],
  ['go back to the previous version of an app', 'rollback_app'],
  ['acknowledge an alert', 'dismiss_alert'],
  ['bring back a dismissed alert', 'restore_alert'],
  ['abort a running job', 'cancel_job'],
  ['power off the nas', 'shutdown_system'],
  ['turn the nas off', 'shutdown_system'],
  ["get a certificate from let's encrypt", 'create_certificate'],
  ["use let's encrypt for the web interface", 'use_web_certificate'],
  ['change the https certificate of the web ui', 'use_web_certificate'],
  ['keep the new web certificate', 'keep_web_certificate'],
  ['shut down a virtual machine', 'stop_vm'],
  ['power on a vm', 'start_vm'],
  ['install the truenas update', 'install_update'],
  ['upgrade to the new release of truenas', 'install_update'],
  ['go back to the previous version after an update', 'activate_boot_environment'],
  ['boot into an older version', 'activate_boot_environment'],
  ['make a copy of the boot environment', 'clone_boot_environment'],
  ['keep the old boot environment', 'keep_boot_environment'],
];

/** The same for tools that are listed, which a model may look for all the same. */
const LISTED_TOO: typeof WANTED = [
  ['revert a dataset', 'rollback_dataset'],
  ['recover deleted files', 'restore_files'],
  ['replace a failed disk', 'replace_disk'],
  ['chmod a folder', 'set_permissions'],
  ['share a folder with windows', 'create_share'],
  ['turn on ssh', 'control_service'],
  ['run the replication now', 'run_task'],
  ['who can access a share', 'get_share'],
  ['set a quota', 'update_dataset'],
  ['why is the nas slow', 'get_metrics'],
  ['undo my last change', 'undo_change'],
  ['what breaks when we move from CORE', 'migration_check'],
  ['migrate to SCALE', 'migration_check'],
  ['leave FreeBSD with GELI pools and jails', 'migration_check'],
];

describe('search_api finds', () => {
  it.each([...WANTED, ...LISTED_TOO])('for %j: %s, among the first three', (phrase, tool) => {
    expect(namesFor(phrase).slice(0, 3)).toContain(tool);
  });

  it('each change tool that is not listed, by words of people', () => {
    const unlisted = LISTED.filter(({ isUnlisted }) => isUnlisted).map(({ name }) => name);
    const asked = new Set(WANTED.map(([, tool]) => tool));
    expect(unlisted.filter((name) => !asked.has(name))).toEqual([]);
  });

  it.each(['show kubernetes', 'list of zigbees', 'kubernetes on this pool', 'firewall rules', 'why', ''])(
    'no tool for %j, which none has to do with',
    (phrase) => {
      expect(namesFor(phrase)).toEqual([]);
    },
  );
});

describe('a tool that was found', () => {
  it('says how it is called, and what it takes when no list shows that', () => {
    expect(toolLines(found('pause the scrub'))).toEqual([
      'tools for it, before any API method:',
      'tool        access   call',
      'stop_scrub  operate  plan_change {"tool":"stop_scrub","arguments":{…}}',
      'stop_scrub takes: pool',
    ]);
    expect(toolLines(found('add a user')).join('\n')).toContain('create_user  manage  by its name');
  });

  it('is named as not offered, and with no way to call it, above the level and in a toolset that is off', () => {
    const lines = (phrase: string, granted: Partial<Granted>) => toolLines(found(phrase, granted));
    expect(lines('pause the scrub', { access: 'read' })).toEqual([
      'not offered as this server is set up: stop_scrub (access operate)',
    ]);
    expect(lines('add a user', { toolsets: ['storage'] })).toEqual([
      'not offered as this server is set up: create_user (toolset accounts)',
    ]);
    // plan_change comes with every choice of toolsets, so that what is not listed can be called.
    expect(lines('pause the scrub', { toolsets: ['storage', 'api'] }).join('\n')).toContain(
      'plan_change {"tool":"stop_scrub","arguments":{…}}',
    );
  });
});

it('tools are found while the NAS cannot be reached, and the answer says that methods were not searched', async () => {
  const redactor = createRedactor({ ownSecrets: [] });
  const nas = openTrueNas({
    url: 'wss://127.0.0.1:9',
    apiKey: '1-x',
    username: 'nobody',
    tls: {},
    timeoutMs: 2000,
    log: silentLog,
  });
  onTestFinished(() => nas.close());
  const run = createRunner({
    redacted: (value) => value,
    nas: accessTo(async () => nas.read, redactor),
    now: Date.now,
    log: silentLog,
    budgetTokens: 6000,
    findables: async () => findables(),
  });
  const ask = (query: string) =>
    run({
      subject: { kind: 'tool', tool: searchApi },
      args: { query },
      caller: LOCAL_CALLER,
      signal: AbortSignal.timeout(20_000),
    });
  const { content, structuredContent, isError } = await ask('pause the scrub');
  expect(isError).not.toBe(true);
  expect(JSON.stringify(content)).toMatch(/stop_scrub.*API methods were not searched: /u);
  expect(structuredContent).toMatchObject({ tools: [{ name: 'stop_scrub' }], methods: [], found: 0 });
  await expect(ask('firewall rules')).rejects.toThrow(/reach|connect/iu);
});
