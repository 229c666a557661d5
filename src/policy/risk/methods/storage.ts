/** Datasets and zvols. */
import {
  breaksAttachments,
  configures,
  cutsOffClients,
  destroys,
  loses,
  opensData,
  opensIfShared,
} from '../finding.ts';
import type { MethodRule, Rule } from '../rule.ts';
import {
  always,
  amount,
  choice,
  each,
  fields,
  flag,
  identity,
  list,
  setting,
  text,
  whole,
} from '../rules.ts';
import { inheritable, snapshotFolder } from './zfs-properties.ts';
import { userProperty, userPropertyUpdate } from './user-properties.ts';
import { argumentOf, parentOf, textAt } from './support.ts';

const syncMode = inheritable({
  STANDARD: undefined,
  ALWAYS: undefined,
  DISABLED: destroys('sync=disabled: writes that were acknowledged are lost when the power fails'),
});

/** Native properties that create and update share. */
const properties: Readonly<Record<string, Rule>> = {
  ...each(
    `compression atime managedby quota quota_warning quota_critical refquota refquota_warning refquota_critical
    reservation refreservation special_small_block_size recordsize create_ancestors`,
    setting,
  ),
  comments: text,
  volsize: amount({ less: loses('a smaller volume cuts off the end of the data in it') }),
  force_size: setting,
  sync: syncMode,
  snapdev: inheritable({
    HIDDEN: undefined,
    VISIBLE: opensData('snapshots of the volume appear as devices'),
  }),
  snapdir: snapshotFolder,
  exec: inheritable({ OFF: undefined, ON: loses('programs on the dataset may be run again') }),
  copies: amount({ less: loses('fewer copies of each block are kept') }),
  deduplication: inheritable({
    OFF: undefined,
    ON: configures('deduplication costs memory for as long as the data exists'),
    VERIFY: configures('deduplication costs memory for as long as the data exists'),
  }),
  checksum: inheritable({
    OFF: destroys('without checksums damaged data is no longer noticed'),
    ...each2('ON FLETCHER2 FLETCHER4 SHA256 SHA512 SKEIN EDONR BLAKE3'),
  }),
  readonly: inheritable({
    OFF: loses('the data is no longer protected from writing'),
    ON: cutsOffClients('programs and clients that write are cut off', 'manage'),
  }),
  aclmode: inheritable({
    PASSTHROUGH: undefined,
    RESTRICTED: undefined,
    DISCARD: loses('a chmod then throws the access list away'),
  }),
  acltype: inheritable({
    OFF: loses('access lists are no longer honoured'),
    NFSV4: loses('access lists of another type are no longer honoured'),
    POSIX: loses('access lists of another type are no longer honoured'),
  }),
  user_properties: list(userProperty),
};

/** Choices that mean nothing by themselves. */
function each2(names: string): Readonly<Record<string, undefined>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, undefined]));
}

const encryptionOptions = fields(each('generate_key pbkdf2iters algorithm passphrase key', setting));

const create = fields({
  ...properties,
  name: identity,
  type: choice({ FILESYSTEM: undefined, VOLUME: undefined }),
  ...each('volblocksize sparse casesensitivity share_type', setting),
  encryption_options: encryptionOptions,
  encryption: flag({ off: configures('the dataset is not encrypted') }),
  inherit_encryption: flag({
    off: configures('the dataset does not take over the encryption of its parent'),
  }),
});

const update = fields({ ...properties, user_properties_update: list(userPropertyUpdate) });

const key = always(destroys('the encryption key changes: whoever lacks the new one loses the data'));

export const STORAGE: Readonly<Record<string, MethodRule>> = {
  'pool.dataset.create': {
    risk: 'configuration',
    why: 'a new dataset is made',
    makes: true,
    params: [create],
  },
  'pool.dataset.update': {
    risk: 'configuration',
    why: 'settings of a dataset change',
    params: [identity, update],
  },
  'pool.dataset.rename': {
    risk: 'configuration',
    why: 'the dataset and its path get another name',
    params: [identity, fields({ new_name: identity, recursive: setting, force: setting })],
    also: (call) => [
      breaksAttachments('shares, tasks and apps that name the old path lose the data'),
      ...(parentOf(call.params[0]) === parentOf(textAt(argumentOf(call, 1), 'new_name'))
        ? []
        : [opensIfShared('the data moves below another dataset, where others may reach it')]),
    ],
  },
  'pool.dataset.promote': {
    risk: 'configuration',
    why: 'a clone becomes independent of its origin',
    params: [identity],
  },
  'pool.dataset.set_quota': {
    risk: 'configuration',
    why: 'quotas of users and groups change',
    params: [identity, list(fields({ quota_type: setting, id: identity, quota_value: setting }))],
  },
  'pool.dataset.lock': {
    risk: 'configuration',
    why: 'the dataset is locked',
    params: [
      identity,
      fields({
        force_umount: flag({ on: destroys('open files are torn away from the programs that use them') }),
      }),
    ],
    also: () => [
      cutsOffClients('clients and programs that use the dataset are cut off'),
      breaksAttachments('shares, tasks and apps on the dataset stop working'),
    ],
  },
  'pool.dataset.unlock': {
    risk: 'exposes',
    why: 'the data of an encrypted dataset can be reached again',
    params: [
      identity,
      fields({
        ...each('force key_file recursive toggle_attachments', setting),
        datasets: list(fields(each('force name key passphrase recursive', setting))),
      }),
    ],
  },
  'pool.dataset.change_key': {
    risk: 'destroys',
    why: 'the encryption key changes: whoever lacks the new one loses the data',
    params: [identity, fields(each('generate_key key_file pbkdf2iters passphrase key', key))],
  },
  'pool.dataset.inherit_parent_encryption_properties': {
    risk: 'destroys',
    why: 'the dataset gives up its own encryption key for that of its parent',
    params: [identity],
  },
  'pool.dataset.delete': {
    risk: 'destroys',
    why: 'the dataset and all its data are lost, and the shares and tasks on it are removed',
    params: [
      identity,
      fields({
        recursive: flag({ on: destroys('all datasets and snapshots below it are lost too') }),
        force: flag({ on: destroys('it is torn away from the programs that use it') }),
      }),
    ],
  },
  'pool.dataset.destroy_snapshots': {
    risk: 'destroys',
    why: 'snapshots are lost',
    params: [
      identity,
      fields({ all: setting, recursive: setting, snapshots: whole(destroys('snapshots are lost')) }),
    ],
  },
  'zfs.resource.destroy': {
    risk: 'destroys',
    why: 'the dataset or snapshot and all its data are lost',
    params: [
      fields({ path: identity, recursive: flag({ on: destroys('all that lies below it is lost too') }) }),
    ],
  },
  'zfs.tier.dataset_set_tier': {
    risk: 'configuration',
    why: 'the dataset moves to another tier of disks',
    params: [fields({ dataset_name: identity, tier_type: setting, move_existing_data: setting })],
  },
  'zfs.tier.rewrite_job_create': {
    risk: 'configuration',
    why: 'existing data is written anew on another tier',
    params: [fields({ dataset_name: identity })],
  },
  'zfs.tier.rewrite_job_cancel': {
    risk: 'destroys',
    level: 'operate',
    unless: 'notRunning',
    why: 'the writing of data to another tier is broken off',
    params: [fields({ tier_job_id: identity })],
  },
  'zfs.tier.rewrite_job_recover': {
    risk: 'configuration',
    why: 'the writing of data to another tier is taken up again',
    params: [fields({ tier_job_id: identity })],
  },
  'zfs.tier.update': {
    risk: 'configuration',
    why: 'settings of tiers change',
    params: [
      fields({
        enabled: setting,
        ...each('max_concurrent_jobs max_used_percentage special_class_metadata_reserve_pct', setting),
      }),
    ],
  },
};
