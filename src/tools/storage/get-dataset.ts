import * as z from 'zod';
import { factLines } from '../../output/table.ts';
import { formatInstant, isoInstant } from '../../output/time.ts';
import { formatBytes, formatCount } from '../../output/units.ts';
import { safeCell, shown } from '../../output/untrusted.ts';
import { query } from '../../truenas/query.ts';
import { defineTool } from '../define.ts';
import { datasetName } from '../support/inputs.ts';
import { factsOutput } from '../support/outputs.ts';
import { gapText, readPart, valueOr } from '../support/part.ts';
import { knownCountOf, field, type RowOf, rowsOf, zfsNumber, zfsText } from '../support/rows.ts';
import { unknownDataset } from './find.ts';

const DATASET = {
  id: field.text,
  type: field.text,
  mountpoint: field.text,
  encrypted: field.flag,
  encryption_root: field.text,
  locked: field.flag,
  used: zfsNumber,
  available: zfsNumber,
  usedbydataset: zfsNumber,
  usedbysnapshots: zfsNumber,
  usedbychildren: zfsNumber,
  usedbyrefreservation: zfsNumber,
  quota: zfsNumber,
  refquota: zfsNumber,
  reservation: zfsNumber,
  refreservation: zfsNumber,
  volsize: zfsNumber,
  creation: field.object({ parsed: field.time }),
  comments: zfsText,
  // From 25.10 on the comments are among the user properties.
  user_properties: field.object({ comments: zfsText }),
  origin: zfsText,
  compression: zfsText,
  compressratio: zfsText,
  recordsize: zfsText,
  volblocksize: zfsText,
  sync: zfsText,
  atime: zfsText,
  readonly: zfsText,
  deduplication: zfsText,
  checksum: zfsText,
  copies: zfsText,
  acltype: zfsText,
  aclmode: zfsText,
  casesensitivity: zfsText,
  snapdir: zfsText,
  exec: zfsText,
  key_format: zfsText,
  encryption_algorithm: zfsText,
};
type Dataset = RowOf<typeof DATASET>;

/** ZFS's own names of the properties, where TrueNAS calls them differently. */
const ZFS_NAMES: Readonly<Record<string, string>> = {
  deduplication: 'dedup',
  key_format: 'keyformat',
  encryption_algorithm: 'encryption',
};
const NOT_PROPERTIES = new Set([
  'id',
  'type',
  'encrypted',
  'encryption_root',
  'locked',
  'comments',
  'user_properties',
]);
const PROPERTIES = [
  ...Object.keys(DATASET)
    .filter((name) => !NOT_PROPERTIES.has(name))
    .map((name) => ZFS_NAMES[name] ?? name),
  'keystatus',
  'encryptionroot',
];

const SELECT = Object.keys(DATASET).map((name) =>
  name === 'user_properties' ? 'user_properties.comments' : name,
);

/** Space in bytes, in the order shown. */
const SIZES = [
  'used',
  'available',
  'usedbydataset',
  'usedbysnapshots',
  'usedbychildren',
  'usedbyrefreservation',
  'quota',
  'refquota',
  'reservation',
  'refreservation',
  'volsize',
] as const;
const DIVISION = ['usedbydataset', 'usedbysnapshots', 'usedbychildren'] as const;
/** Sizes that say something also when they are zero. */
const ALWAYS_SHOWN = new Set<string>(['used', 'available', 'usedbydataset', 'usedbysnapshots']);

const SETTINGS = [
  'compression',
  'recordsize',
  'volblocksize',
  'sync',
  'atime',
  'readonly',
  'deduplication',
  'checksum',
  'copies',
  'acltype',
  'aclmode',
  'casesensitivity',
  'snapdir',
  'exec',
] as const;

/** One dataset or zvol. The id is the only filter, and children are not read: that is the one query a NAS answers without walking the pool. */
export const getDataset = defineTool({
  name: 'get_dataset',
  toolset: 'storage',
  title: 'Get dataset',
  words: 'filesystem zvol volume settings properties quota permission acl encryption',
  description:
    'One dataset or zvol: what uses its space, quotas, settings and where they come from, encryption, snapshots.',
  input: z.strictObject({ dataset: z.string().describe('tank/media or /mnt/tank/media') }),
  output: factsOutput,
  carriesFreeText: true,
  uses: ['pool.dataset.query', 'pool.snapshot.query'],
  mayLack: [{ method: 'pool.snapshot.query' }],
  examples: [
    { args: { dataset: 'tank/home' }, why: 'a file system' },
    { args: { dataset: '/mnt/tank/home' }, why: 'its path' },
    { args: { dataset: 'tank/hom' }, why: 'a mistyped name' },
    { args: { dataset: 'no/such/thing' }, why: 'a name with nothing near it' },
    { args: { dataset: 'fast/vms/db01' }, why: 'a zvol' },
  ],
  async run(nas, input) {
    const id = datasetName(input.dataset);
    const [result, snapshots] = await Promise.all([
      nas.call(
        'pool.dataset.query',
        query({
          filters: [['id', '=', id]],
          select: SELECT,
          extra: { flat: true, retrieve_children: false, properties: PROPERTIES },
        }),
      ),
      readPart(nas, async (limited) => {
        const parameters = query({ filters: [['dataset', '=', id]], count: true });
        return knownCountOf(await limited.call('pool.snapshot.query', parameters));
      }),
    ]);
    const [dataset] = rowsOf(result, DATASET);
    if (dataset === undefined) throw await unknownDataset(nas, 'dataset', id);

    const isVolume = dataset.type === 'VOLUME';
    const sizes = SIZES.filter((name) => ALWAYS_SHOWN.has(name) || (dataset[name]?.parsed ?? 0) > 0);
    const isUntold = DIVISION.every((name) => (dataset[name]?.parsed ?? null) === null);
    const settings = SETTINGS.flatMap((name) => settingText(name, dataset));
    const created = dataset.creation?.parsed ?? null;
    const snapshotCount = valueOr(snapshots, undefined);
    const name = safeCell(dataset.id ?? '-', 250);
    const comments = shown((dataset.comments ?? dataset.user_properties?.comments)?.value, 250);
    const origin = shown(dataset.origin?.value, 250);
    const encryption = encryptionText(dataset);

    const text = [
      `${isVolume ? 'zvol' : 'dataset'} ${name}`,
      ...factLines([
        ['comments', comments],
        ['space', sizes.map((size) => `${size} ${sizeText(dataset[size]?.parsed)}`).join(', ')],
        ['not told', isUntold ? 'how its space divides could not be read' : undefined],
        ['compressratio', dataset.compressratio?.value ?? undefined],
        ['settings', settings.join(', ')],
        ['encryption', encryption],
        ['mountpoint', shown(dataset.mountpoint, 250)],
        ['origin', origin],
        ['created', created === null ? undefined : formatInstant(created)],
        ['snapshots', gapText(snapshots) ?? (snapshotCount === undefined ? '-' : formatCount(snapshotCount))],
      ]),
      '(i) inherited, (d) default; other settings are set here',
    ].join('\n');

    return {
      text,
      data: {
        name,
        type: dataset.type ?? undefined,
        comments,
        origin,
        ...Object.fromEntries(sizes.map((size) => [`${size}Bytes`, dataset[size]?.parsed ?? undefined])),
        compressratio: dataset.compressratio?.value ?? undefined,
        settings,
        encrypted: dataset.encrypted ?? undefined,
        locked: dataset.locked ?? undefined,
        encryption,
        mountpoint: shown(dataset.mountpoint, 250),
        created: created === null ? undefined : isoInstant(created),
        snapshots: snapshotCount,
      },
    };
  },
});

function sizeText(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? '-' : formatBytes(bytes);
}

const SOURCE_MARKS: ReadonlyMap<string, string> = new Map([
  ['INHERITED', ' (i)'],
  ['DEFAULT', ' (d)'],
  ['RECEIVED', ' (received)'],
]);

function settingText(name: (typeof SETTINGS)[number], dataset: Dataset): string[] {
  const setting = dataset[name];
  if (!setting?.value) return [];
  return [
    `${name} ${safeCell(setting.value.toLowerCase(), 40)}${SOURCE_MARKS.get(setting.source ?? '') ?? ''}`,
  ];
}

function encryptionText(dataset: Dataset): string {
  if (dataset.encrypted !== true) return dataset.encrypted === false ? 'none' : '-';
  const words = [
    dataset.locked === true ? 'LOCKED' : dataset.locked === false ? 'unlocked' : 'locked or not: unknown',
    shown(dataset.encryption_algorithm?.value, 250),
    dataset.key_format?.value ? `key ${safeCell(dataset.key_format.value.toLowerCase(), 20)}` : undefined,
    dataset.encryption_root ? `root ${safeCell(dataset.encryption_root)}` : undefined,
  ];
  return words.filter(Boolean).join(', ');
}
