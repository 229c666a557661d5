/** What a replication does here: local ones bring the newest snapshot over, remote ones find nobody at the other end. */
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext } from '../calls/method.ts';
import type { Dataset } from '../world/datasets.ts';
import { type Snapshot, snapshotGuid, txgAt } from '../world/snapshots.ts';
import { noBase, type Replication } from '../world/tasks.ts';
import type { World } from '../world/world.ts';
import { refuse } from './common.ts';
import { changed } from './dataset-write.ts';
import { replicationState } from './replication-state.ts';

/** One snapshot on its way. */
interface Transfer {
  readonly source: Dataset;
  readonly snapshot: Snapshot;
  /** The dataset that gets it. */
  readonly target: string;
}

/** Brings the newest snapshots of the sources to the target. @throws CallError */
export async function replicate(context: MethodContext, task: Replication): Promise<void> {
  const { world, job } = context;
  if (task.ssh_credentials_id !== null) {
    const attributes = world.tasks.keychain.get(task.ssh_credentials_id)?.attributes;
    const { host } = (attributes ?? {}) as { host?: string };
    refuse(`connection to ${host ?? 'the other side'} timed out`, ERRNO.ETIMEDOUT);
  }
  if (task.hasLostBase === true && task.allow_from_scratch !== true) {
    refuse(noBase(task), ERRNO.EINVAL);
  }
  const transfers = transfersOf(world, task);
  for (const [index, { source, snapshot, target }] of transfers.entries()) {
    const name = `${source.id}@${snapshot.name}`;
    const [done, total] = [index, transfers.length];
    job?.progress((100 * done) / total, `Sending ${done + 1} of ${total}: ${name}`);
    note(context, task.id, {
      progress: {
        ...{ dataset: source.id, snapshot: snapshot.name, snapshotsSent: done, snapshotsTotal: total },
        ...{ bytesSent: 0, bytesTotal: snapshot.referencedBytes },
      },
    });
    receive(context, source, snapshot, target);
    note(context, task.id, { lastSnapshot: name });
  }
}

/** Keeps how a task stands, and tells subscribers: of a state that moves they hear the state alone. */
export function note(context: MethodContext, id: number, fields: Partial<Omit<Replication, 'id'>>): void {
  const task = context.world.tasks.replications.update(id, fields);
  if (task === undefined) return;
  const { state, job } = replicationState(context, task);
  context.events.publish({
    collection: 'replication.query',
    msg: 'changed',
    id,
    fields: { state: { ...state, job } },
  });
}

/** What the target has not got yet. @throws CallError ENOENT */
function transfersOf(
  world: World,
  { source_datasets: sources, target_dataset: target, recursive }: Replication,
): Transfer[] {
  return sources.flatMap((id): Transfer[] => {
    const root = world.datasets.get(id);
    if (root === undefined) return refuse(`Dataset '${id}' does not exist`, ERRNO.ENOENT);
    const place = sources.length === 1 ? target : `${target}/${id.split('/').at(-1) ?? ''}`;
    const each = recursive === true ? [...world.datasets.walk(root)] : [root];
    return each.flatMap((source): Transfer[] => {
      const snapshot = source.snapshots.at(-1);
      const targetId = place + source.id.slice(root.id.length);
      const has = world.datasets.get(targetId)?.snapshots ?? [];
      if (snapshot === undefined || has.some(({ name }) => name === snapshot.name)) return [];
      return [{ source, snapshot, target: targetId }];
    });
  });
}

/** Makes the dataset where it is missing, and gives it the snapshot. */
function receive(context: MethodContext, source: Dataset, snapshot: Snapshot, id: string): void {
  const { world } = context;
  const target = world.datasets.get(id) ?? make(context, source, id);
  const more = snapshot.referencedBytes - target.dataBytes;
  if (more > world.datasets.availableBytes(target)) {
    refuse(`cannot receive incremental stream: out of space on ${id}`, ERRNO.ENOSPC);
  }
  target.dataBytes = snapshot.referencedBytes;
  target.directories = source.directories === null ? null : new Map(source.directories);
  const txg = world.datasets.newTxg(txgAt(context.now()));
  const received = { guid: snapshotGuid(snapshot), txg, dataset: target };
  target.snapshots.push({ ...snapshot, ...received, usedBytes: 0, holds: null, taskId: null });
  world.datasets.touch();
}

/** A dataset to receive into, with those above it. */
function make(context: MethodContext, source: Dataset, id: string): Dataset {
  const { datasets } = context.world;
  const parts = id.split('/');
  if (datasets.get(parts[0] ?? '') === undefined)
    refuse(`cannot receive: no such pool in '${id}'`, ERRNO.ENOENT);
  for (let length = 2; length < parts.length; length++) {
    const above = parts.slice(0, length).join('/');
    if (datasets.get(above) !== undefined) continue;
    changed(context, datasets.add({ id: above, createdMs: context.now(), dataBytes: 98_304 }), 'added');
  }
  const size = source.local.get('volsize');
  const made = datasets.add({
    id,
    type: source.type,
    createdMs: context.now(),
    dataBytes: 0,
    local: { readonly: 'on', ...(size === undefined ? {} : { volsize: size }) },
    compressRatio: source.compressRatio,
  });
  changed(context, made, 'added');
  return made;
}
