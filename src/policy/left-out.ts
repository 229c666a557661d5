/** Methods that the NAS calls readable, and that generic calls leave out; a curated tool may still need them. */

/** Why a generic call leaves a method out. */
export interface LeftOut {
  /** Completes the sentence "METHOD is left out by call_api_read: …". */
  readonly reason: string;
  readonly instead?: string;
}

/** The entry of a method; `undefined` for all others. */
export function leftOut(method: string): LeftOut | undefined {
  return Object.hasOwn(LEFT_OUT, method) ? LEFT_OUT[method] : undefined;
}

const REGISTRY = 'it makes the NAS ask a registry on the internet';
const RETENTION: LeftOut = {
  reason: 'it goes through every snapshot of the dataset, which holds up the NAS for minutes',
  instead: 'list_snapshots',
};
const DESCRIPTIONS: LeftOut = {
  reason: 'its answer describes the whole API, several megabytes',
  instead: 'search_api and describe_api',
};

/** By method. */
export const LEFT_OUT: Readonly<Record<string, LeftOut>> = {
  'app.image.dockerhub_rate_limit': { reason: REGISTRY },
  'container.image.query_registry': { reason: REGISTRY, instead: 'list_items kind container_image' },
  'core.get_methods': DESCRIPTIONS,
  'core.get_services': DESCRIPTIONS,
  'pool.snapshottask.delete_will_change_retention_for': RETENTION,
  'pool.snapshottask.update_will_change_retention_for': RETENTION,
  'virt.instance.image_choices': { reason: REGISTRY, instead: 'list_items kind container_image' },
  'vm.device.virtual_size': {
    reason: 'it opens a file or device of any path as root',
    instead: 'pool.dataset.query for the size of a zvol',
  },
};
