import { field, objectOf, oddAnswer, recordOf, type RowOf } from '../../support/rows.ts';
import { defineKind, joined } from '../kind.ts';

const config = {
  pool: field.text,
  dataset: field.text,
  enable_image_updates: field.flag,
  nvidia: field.flag,
  cidr_v6: field.text,
  address_pools: field.objects({ base: field.text, size: field.number }),
  registry_mirrors: field.objects({ url: field.text }),
  secure_registry_mirrors: field.texts,
  insecure_registry_mirrors: field.texts,
};
type Config = RowOf<typeof config>;

/** Docker, on which apps run: its state and settings. */
export const docker = defineKind({
  name: 'docker',
  toolset: 'apps',
  noun: 'Docker settings',
  about: 'whether apps can run, on which pool, addresses, mirrors',
  words: ['apps service', 'apps pool', 'container engine', 'app settings'],
  sources: [{ uses: ['docker.status'], read: async (nas) => [recordOf(await nas.call('docker.status'))] }],
  row: { config: joined<Config>() },
  columns: {
    status: { type: 'text', from: 'status', isKey: true },
    means: { type: 'text', from: 'description', maxLength: 160 },
    pool: { type: 'text', value: (row) => row.config?.pool },
    dataset: { type: 'text', value: (row) => row.config?.dataset },
    image_updates: { type: 'flag', value: (row) => row.config?.enable_image_updates },
    nvidia: { type: 'flag', value: (row) => row.config?.nvidia, isOnDemand: true },
    networks: { type: 'texts', value: (row) => networksOf(row.config), isOnDemand: true },
    mirrors: { type: 'texts', value: (row) => mirrorsOf(row.config), isOnDemand: true },
    ipv6: { type: 'text', value: (row) => row.config?.cidr_v6, isOnDemand: true },
  },
  named: 'status',
  isSingle: true,
  joins: [
    {
      columns: ['pool', 'dataset', 'image_updates', 'nvidia', 'networks', 'mirrors', 'ipv6'],
      uses: ['docker.config'],
      async read(nas) {
        const answer = await nas.call('docker.config');
        // No settings at all: the columns are then told as not read.
        if (Object.keys(recordOf(answer)).length === 0) throw oddAnswer(answer, 'settings of Docker');
        const found = objectOf(answer, config);
        return { add: () => ({ config: found }) };
      },
    },
  ],
  mayLack: [{ method: 'docker.config' }],
  examples: [{ args: {}, why: 'whether apps can run' }],
  getExamples: [{ args: {}, why: 'all settings' }],
});

function networksOf(found: Config | undefined): string[] | undefined {
  return found?.address_pools?.map(({ base, size }) => `${base ?? '?'} in /${size ?? '?'}`);
}

/** Two lists on 25.10, one from 26 on. */
function mirrorsOf(found: Config | undefined): string[] | null {
  if (found === undefined) return null;
  const {
    registry_mirrors: all,
    secure_registry_mirrors: secure,
    insecure_registry_mirrors: insecure,
  } = found;
  if (all !== null) return all.flatMap(({ url }) => url ?? []);
  return secure === null || insecure === null ? null : [...secure, ...insecure];
}
