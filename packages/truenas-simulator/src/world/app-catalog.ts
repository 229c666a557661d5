/** What the catalog offers, and the images that installed apps have left on the NAS. */
import { createHash } from 'node:crypto';
import type { App } from './workloads.ts';
import { DAY_MS, MIB } from './units.ts';

/** An app of the catalog as `app.available` tells it. */
export interface CatalogApp {
  readonly name: string;
  readonly train: string;
  readonly version: string;
  readonly humanVersion: string;
  readonly categories: readonly string[];
  readonly description: string;
  readonly updatedDaysAgo: number;
}

type Row = readonly [
  name: string,
  train: string,
  version: string,
  humanVersion: string,
  categories: readonly string[],
  description: string,
  updatedDaysAgo: number,
];

const ROWS: readonly Row[] = [
  ['adguard-home', 'community', '1.2.9', 'v0.107.59', ['networking'], 'Blocks advertising and tracking', 12],
  ['immich', 'community', '1.9.9', '1.134.0', ['media', 'photos'], 'Photo and video backup', 2],
  ['jellyfin', 'community', '1.1.30', '10.10.3', ['media'], 'Media server', 20],
  ['minio', 'enterprise', '1.3.1', '2025-04-22', ['storage'], 'Object storage', 75],
  ['nextcloud', 'stable', '2.0.4', '30.0.5', ['productivity'], 'Files, calendar and contacts', 5],
  ['pihole', 'stable', '1.4.0', '2025.04.0', ['networking'], 'DNS that blocks advertising', 31],
  ['plex', 'stable', '1.1.16', '1.41.6', ['media'], 'Media server', 16],
  ['syncthing', 'stable', '1.2.4', '1.29.2', ['productivity', 'storage'], 'Keeps folders the same', 44],
  ['vaultwarden', 'community', '1.3.5', '1.33.2', ['security'], 'Password manager', 9],
];

/** The catalog, by name. */
export const CATALOG: readonly CatalogApp[] = ROWS.map(
  ([name, train, version, humanVersion, categories, description, updatedDaysAgo]) => ({
    ...{ name, train, version, humanVersion, categories, description, updatedDaysAgo },
  }),
);

/** An image as `app.image.query` tells it. */
export interface AppImage {
  readonly id: string;
  readonly tags: readonly string[];
  readonly digest: string;
  readonly sizeBytes: number;
  readonly createdMs: number;
}

/** Images of the apps, and one that an upgrade has left without a tag. */
export function imagesOf(apps: readonly App[], madeMs: number): AppImage[] {
  const used = apps.map(({ name, humanVersion }, index) =>
    image(`${name}/${name}`, humanVersion, 210 + index * 173, madeMs - (20 + index * 9) * DAY_MS),
  );
  const left = image('nextcloud/nextcloud', '30.0.2', 1_304, madeMs - 120 * DAY_MS);
  return [...used, { ...left, tags: [] }];
}

function image(repository: string, tag: string, sizeMib: number, createdMs: number): AppImage {
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  return {
    id: `sha256:${hash(`${repository}:${tag}`)}`,
    tags: [`${repository}:${tag}`],
    digest: `${repository}@sha256:${hash(repository + tag)}`,
    sizeBytes: sizeMib * MIB,
    createdMs,
  };
}
