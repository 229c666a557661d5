/** Calls of every curated tool that together take every branch which asks the NAS, and what is no part of such a test. */

/** Methods that any signed-in user may call: the NAS itself narrows what they show. */
export const OPEN_TO_EVERY_LOGIN = new Set(['core.get_jobs']);

/** Inputs that together take every branch that calls the NAS. */
export const INPUTS: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  system_overview: [{}],
  list_alerts: [{}, { level: 'WARNING', dismissed: true, text: 'pool', limit: 2, sort: 'last' }],
  list_jobs: [
    {},
    { states: ['FAILED', 'RUNNING'], method: 'repl*', since: '7d' },
    { method: 'pool', limit: 1 },
    { sort: 'method' },
    { sort: 'state', order: 'desc' },
    { sort: 'id', order: 'asc' },
  ],
  get_job: [{ id: 1 }, { id: 999_999 }],
  list_services: [{}, { state: 'RUNNING', name: 's' }, { at_boot: true, sort: 'state', fields: ['state'] }],
  get_metrics: [
    { metric: 'cpu' },
    { metric: 'memory', range: '24h' },
    { metric: 'arc' },
    { metric: 'disk', name: 'sda', range: '2h' },
    { metric: 'network' },
    { metric: 'cpu_temperature' },
    { metric: 'disk_temperature', from: '2h', to: '1h' },
  ],
  list_pools: [{}, { name: 't*', status: 'ONLINE', sort: 'used', fields: ['used%'] }, { name: 'ta' }],
  get_pool: [{ pool: 'tank' }, { pool: '/mnt/backup' }, { pool: 'boot-pool' }, { pool: 'nothing' }],
  list_datasets: [
    {},
    { limit: 5, sort: 'used' },
    { pool: 'tank', limit: 3 },
    {
      parent: 'tank/home',
      recursive: false,
      fields: ['created', 'ratio', 'mountpoint', 'usedbysnapshots', 'refquota'],
    },
    {
      name: 'ho*',
      type: 'FILESYSTEM',
      locked: false,
      encrypted: false,
      sort: 'created',
      order: 'asc',
      limit: 1,
    },
    { sort: 'available' },
    { sort: 'usedbysnapshots' },
    { recursive: false, name: 'tank' },
    { parent: 'tank/hom' },
    { pool: 'tnk' },
  ],
  get_dataset: [
    { dataset: '/mnt/tank/home' },
    { dataset: 'tank/hom' },
    { dataset: 'no/such/thing' },
    { dataset: 'fast/vms/db01' },
  ],
  list_snapshots: [
    {},
    { dataset: 'tank/home', sort: 'created' },
    {
      dataset: 'tank/home',
      recursive: true,
      name: 'auto-*',
      fields: ['created', 'used', 'referenced', 'holds'],
    },
    { pool: 'tank', sort: 'used', limit: 2 },
    { name: 'weekly', sort: 'referenced', order: 'asc' },
    { dataset: 'tank/hom' },
    { pool: 'tnk' },
  ],
  list_disks: [
    {},
    { pool: 'tank', type: 'HDD', sort: 'size' },
    { unused: true, fields: ['bus', 'rpm', 'description'] },
    { unused: false, name: 'sd*', sort: 'serial', order: 'desc' },
    { sort: 'model' },
    { sort: 'temp', limit: 3 },
    { pool: 'tnk' },
  ],
  get_disk: [{ disk: 'sda' }, { disk: '/dev/sdi' }, { disk: 'sdzz' }, { disk: 'sdn' }, { disk: 'nvme0n1' }],
  list_shares: [
    {},
    { kind: 'nvmeof' },
    { kind: 'smb', name: 'media', pool: 'tank', enabled: true, sort: 'path' },
  ],
  get_share: [
    { share: 'media' },
    { share: '/mnt/tank/iso' },
    { share: 'esx' },
    { share: 'db', kind: 'nvmeof' },
    { share: '1', kind: 'nfs' },
    { share: 'nothing' },
  ],
};

/** Texts of answers that must not come here: every part of every answer can be read. */
export const FAILURE =
  /^This MCP server failed|Not authorized|not allowed for|NOT READ|could not be read|has no method/mu;

/** What signing in and finding out the release takes; no tool asks for these. */
export const SESSION = new Set([
  'auth.mechanism_choices',
  'auth.login_ex',
  'auth.login_with_api_key',
  'system.version',
  'core.ping',
]);
