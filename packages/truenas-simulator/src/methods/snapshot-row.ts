/** How a snapshot looks in the API. */
import { formatSize, wholeSeconds } from '../world/units.ts';
import { DAILY, HOURLY, type Snapshot, snapshotGuid, snapshotId, WEEKLY } from '../world/snapshots.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';

/** Which optional parts a row has. */
export interface SnapshotView {
  /** Names of ZFS properties; null for all, `none` for rows without `properties`. */
  readonly properties: ReadonlySet<string> | null | 'none';
  /** 27.0: numbers as text, times as seconds. */
  readonly isPlain: boolean;
  /** `truenas`: only the tag that the NAS itself sets. */
  readonly holds: 'absent' | 'empty' | 'truenas' | 'all';
  readonly withRetention: boolean;
}

/** The row that create and update answer. */
export const CREATED_VIEW: SnapshotView = {
  properties: null,
  isPlain: false,
  holds: 'absent',
  withRetention: false,
};

/** A row; its properties are made when they are looked at. */
export function snapshotRow(snapshot: Snapshot, view: SnapshotView, retention?: ApiRow | null): ApiRow {
  const id = snapshotId(snapshot);
  const { properties } = view;
  const common = {
    pool: snapshot.dataset.pool,
    name: id,
    type: 'SNAPSHOT',
    snapshot_name: snapshot.name,
    dataset: snapshot.dataset.id,
    createtxg: String(snapshot.txg),
  };
  const row: ApiRow =
    properties === 'none'
      ? { id, ...common }
      : {
          id,
          get properties() {
            return propertiesOf(snapshot, properties, view.isPlain);
          },
          ...common,
        };
  if (view.holds !== 'absent') row.holds = holdsOf(snapshot, view.holds);
  if (retention !== undefined) row.retention = retention;
  return row;
}

/** When the task that took a snapshot will let it go; null for those taken by hand. */
export function retentionOf(_world: World, snapshot: Snapshot): ApiRow | null {
  const cadence = [HOURLY, DAILY, WEEKLY].find(({ taskId }) => taskId === snapshot.taskId);
  if (cadence === undefined) return null;
  return {
    datetime: wholeSeconds(snapshot.createdMs + cadence.keepMs),
    source: 'periodic_snapshot_task',
    periodic_snapshot_task_id: cadence.taskId,
  };
}

function holdsOf({ holds, txg }: Snapshot, kind: 'empty' | 'truenas' | 'all'): ApiRow {
  const tags = [...(holds ?? [])].filter(
    (tag) => kind === 'all' || (kind === 'truenas' && tag === 'truenas'),
  );
  return Object.fromEntries(tags.map((tag) => [tag, kind === 'truenas' ? 1 : txg]));
}

type Shown = readonly [rawvalue: string, value: string, parsed: unknown];

/** How each property of a snapshot is made; only those looked at are. */
const PROPERTY_MAKERS: Readonly<Record<string, (snapshot: Snapshot) => Shown>> = {
  name: (snapshot) => plain(snapshotId(snapshot)),
  objsetid: ({ txg }) => plain(String(txg % 100_000)),
  type: () => plain('snapshot'),
  creation: ({ createdMs }) => [
    String(Math.floor(createdMs / 1000)),
    shortDate(createdMs),
    wholeSeconds(createdMs),
  ],
  used: ({ usedBytes }) => size(usedBytes),
  referenced: ({ referencedBytes }) => size(referencedBytes),
  compressratio({ dataset }) {
    const ratio = dataset.compressRatio.toFixed(2);
    return [ratio, `${ratio}x`, ratio];
  },
  createtxg: ({ txg }) => plain(String(txg)),
  guid: (snapshot) => plain(snapshotGuid(snapshot)),
  defer_destroy: () => plain('off'),
  // Text in all three forms: clients that others wrote against a real box expect it so.
  userrefs: ({ holds }) => plain(String(holds?.size ?? 0)),
  written: ({ usedBytes }) => size(usedBytes),
  logicalreferenced: ({ referencedBytes }) => size(referencedBytes),
};

function propertiesOf(snapshot: Snapshot, only: ReadonlySet<string> | null, isPlain: boolean): ApiRow {
  const properties: ApiRow = {};
  for (const name of only ?? Object.keys(PROPERTY_MAKERS)) {
    const shown = PROPERTY_MAKERS[name]?.(snapshot);
    if (shown !== undefined)
      properties[name] = propertyObject(isPlain ? withoutUnits(name, shown) : shown, 'NONE');
  }
  if (snapshot.dataset.type === 'VOLUME' && (only?.has('volsize') ?? true)) {
    const volsize = size(Number(snapshot.dataset.local.get('volsize') ?? 0));
    properties.volsize = propertyObject(isPlain ? withoutUnits('volsize', volsize) : volsize, 'NONE');
  }
  for (const [name, value] of snapshot.userProperties ?? []) {
    if (only?.has(name) ?? true) properties[name] = propertyObject(plain(value), 'LOCAL');
  }
  return properties;
}

function propertyObject([rawvalue, value, parsed]: Shown, source: string): ApiRow {
  return { value, rawvalue, source, parsed };
}

/** 27.0 shows numbers as they are, and times in seconds. */
function withoutUnits(name: string, [rawvalue, value, parsed]: Shown): Shown {
  if (name === 'creation') return [rawvalue, rawvalue, Number(rawvalue)];
  return typeof parsed === 'number' ? [rawvalue, rawvalue, parsed] : [rawvalue, value, parsed];
}

function plain(text: string): Shown {
  return [text, text, text];
}

function size(bytes: number): Shown {
  return [String(bytes), formatSize(bytes), bytes];
}

function shortDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
