/** What a replication does here: local ones bring the newest snapshot over, remote ones find nobody at the other end. */
import { ERRNO } from '../errors.ts';
import type { MethodContext } from '../method.ts';
import type { Dataset } from '../world/datasets.ts';
import type { Replication } from '../world/tasks.ts';
import { refuse } from './common.ts';
import { changed } from './dataset-write.ts';

/** Brings the newest snapshots of the sources to the target. @throws CallError */
export async function replicate(context: MethodContext, task: Replication): Promise<void> {
  const { world, job } = context;
  if (task.ssh_credentials_id !== null) {
    const attributes = world.tasks.keychain.get(task.ssh_credentials_id)?.attributes;
    const { host } = (attributes ?? {}) as { host?: string };
    refuse(`connection to ${host ?? 'the other side'} timed out`, ERRNO.ETIMEDOUT);
  }
  const { source_datasets: sources, target_dataset: target } = task;
  for (const [index, source] of sources.entries()) {
    const root = world.datasets.get(source);
    if (root === undefined) return refuse(`Dataset '${source}' does not exist`, ERRNO.ENOENT);
    const place = sources.length === 1 ? target : `${target}/${source.split('/').at(-1) ?? ''}`;
    for (const each of task.recursive === true ? [...world.datasets.walk(root)] : [root]) {
      receive(context, each, place + each.id.slice(root.id.length));
    }
    job?.progress((100 * (index + 1)) / sources.length, `Sending ${index + 1} of ${sources.length}`);
  }
}

/** Makes the dataset where it is missing, and gives it the newest snapshot where it has not got it. */
function receive(context: MethodContext, source: Dataset, id: string): void {
  const { world } = context;
  const newest = source.snapshots.at(-1);
  if (newest === undefined) return;
  const target = world.datasets.get(id) ?? make(context, source, id);
  if (target.snapshots.some(({ name }) => name === newest.name)) return;
  const more = newest.referencedBytes - target.dataBytes;
  if (more > world.datasets.availableBytes(target)) {
    refuse(`cannot receive incremental stream: out of space on ${id}`, ERRNO.ENOSPC);
  }
  target.dataBytes = newest.referencedBytes;
  target.snapshots.push({ ...newest, dataset: target, usedBytes: 0, holds: null, taskId: null });
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
