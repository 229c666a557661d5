import { field } from '../../support/rows.ts';
import { defineKind } from '../kind.ts';
import { addressOf, isOn } from './iocage.ts';

/** Plugins of TrueNAS CORE: jails with one program each. */
export const plugin = defineKind({
  name: 'plugin',
  toolset: 'virtualization',
  noun: 'plugins',
  about: 'of TrueNAS CORE: program, version, state, boot, addresses, where its web interface is',
  words: ['core plugin', 'jail plugin', 'iocage plugin'],
  sources: [{ method: 'plugin.query' }],
  instead: 'Plugins are on TrueNAS CORE alone. Later releases have apps: list_items {"kind":"app"}.',
  row: { boot: isOn, ip4: addressOf, ip6: addressOf, admin_portals: field.texts },
  columns: {
    name: { type: 'text', from: 'name', isKey: true },
    plugin: { type: 'text', from: 'plugin' },
    version: { type: 'text', from: 'version' },
    state: { type: 'text', from: 'state' },
    boot: { type: 'flag', value: ({ boot }) => boot },
    release: { type: 'text', from: 'release' },
    ip4: { type: 'text', value: ({ ip4 }) => ip4 },
    ip6: { type: 'text', value: ({ ip6 }) => ip6, isOnDemand: true },
    portals: { type: 'texts', value: (row) => row.admin_portals },
    type: { type: 'text', from: 'type', isOnDemand: true },
    repository: { type: 'text', from: 'plugin_repository', isOnDemand: true },
    revision: { type: 'text', from: 'revision', isOnDemand: true },
  },
  named: 'name',
  // Holds what the plugin was set up with, passwords among it.
  hides: ['plugin_info'],
  examples: [
    { args: {}, why: 'which there are, and which run' },
    { args: { filter: ['state=up'], fields: ['portals'] }, why: 'where their web interfaces are' },
  ],
  getExamples: [{ args: { id: 'nextcloud' }, why: 'one by name' }],
});
