/** Apps. */
import type { JudgedCall } from '../call.ts';
import {
  cutsOffClients,
  destroys,
  endsWork,
  executes,
  exposes,
  type Finding,
  loses,
  mayExecute,
} from '../finding.ts';
import { found, isRecord, isUnchanged, type MethodRule, odd, type Rule } from '../rule.ts';
import { each, fields, flag, given, identity, list, members, setting, whenChanged } from '../rules.ts';
import { privilegedPart } from './app-values.ts';

const gets = (part: string): string => `the app gets at the NAS itself (${part})`;

/** Settings of an app: each app has its own, so what they open cannot be told. */
const values: Rule = {
  worst: 'executes',
  isWhole: true,
  judge(looked) {
    const { value } = looked;
    if (value === null || isUnchanged(looked)) return [];
    if (!isRecord(value)) return odd(looked, 'executes');
    if (Object.keys(value).length === 0) return [];
    const part = privilegedPart(value);
    return [
      ...(part === undefined ? [] : found(looked, mayExecute(gets(part)))),
      ...found(looked, exposes('settings of an app decide which ports and folders it opens')),
    ];
  },
};

/** A compose file as an object, which can be looked through. */
const compose: Rule = {
  worst: 'executes',
  isWhole: true,
  judge(looked) {
    const { value } = looked;
    if (value === null || isUnchanged(looked)) return [];
    if (!isRecord(value)) return odd(looked, 'executes');
    if (Object.keys(value).length === 0) return [];
    const part = privilegedPart(value);
    return [
      ...(part === undefined ? [] : found(looked, executes(gets(part)))),
      ...found(looked, mayExecute('containers of any image run')),
    ];
  },
};
const composeText = given(
  executes('a compose file as text cannot be looked through; give it as custom_compose_config'),
);

const upgradeOptions = fields({ app_version: setting, values, snapshot_hostpaths: setting });
const stopsFor = (what: string): Finding =>
  endsWork(`the app is ${what}, and its users are cut off meanwhile`);
const atManage = (finding: Finding): Finding => ({ ...finding, level: 'manage' });

export const APPS: Readonly<Record<string, MethodRule>> = {
  'app.start': { risk: 'reversible', why: 'an app is started, and can be reached', params: [identity] },
  'app.stop': {
    risk: 'reversible',
    why: 'an app is stopped',
    params: [identity],
    also: () => [stopsFor('stopped')],
  },
  'app.redeploy': {
    risk: 'reversible',
    why: 'an app is started anew',
    params: [identity],
    also: () => [stopsFor('started anew')],
  },
  'app.create': {
    risk: 'exposes',
    why: 'an app of others runs on the NAS and opens ports',
    makes: true,
    params: [
      fields({
        ...each('catalog_app app_name train version', setting),
        custom_app: flag({ on: mayExecute('containers of any image run') }),
        values,
        custom_compose_config: compose,
        custom_compose_config_string: composeText,
      }),
    ],
  },
  'app.update': {
    risk: 'configuration',
    why: 'settings of an app change',
    params: [
      identity,
      fields({ values, custom_compose_config: compose, custom_compose_config_string: composeText }),
    ],
    also: () => [atManage(stopsFor('started anew'))],
  },
  'app.upgrade': {
    risk: 'configuration',
    why: 'an app gets a newer version, which may change its data for good',
    params: [identity, upgradeOptions],
    also: () => [atManage(stopsFor('upgraded'))],
  },
  'app.upgrade_bulk': {
    risk: 'configuration',
    why: 'apps get newer versions, which may change their data for good',
    params: [list(fields({ app_name: identity, options: upgradeOptions }))],
    also: () => [atManage(stopsFor('upgraded'))],
  },
  'app.rollback': {
    risk: 'destroys',
    why: 'the app goes back to an earlier version',
    params: [
      identity,
      fields({
        app_version: setting,
        rollback_snapshot: flag({ on: destroys('what the app has stored since is lost') }),
      }),
    ],
  },
  'app.delete': {
    risk: 'destroys',
    why: 'the app is removed',
    params: [
      identity,
      fields({
        remove_images: flag({ on: destroys('its images are deleted') }),
        remove_ix_volumes: flag({ on: destroys('the data of the app is deleted') }),
        force_remove_ix_volumes: flag({ on: destroys('the data of the app is deleted, whatever its state') }),
        force_remove_custom_app: flag({ on: destroys('the app is removed whatever its state') }),
      }),
    ],
  },
  'app.convert_to_custom': {
    risk: 'destroys',
    why: 'the app no longer follows the catalog, which cannot be undone',
    params: [identity],
  },
  'app.pull_images': {
    risk: 'configuration',
    why: 'newer images of an app are fetched',
    params: [identity, fields({ redeploy: setting })],
    also: (call) => (redeploys(call) ? [atManage(stopsFor('started anew'))] : []),
  },
  'app.image.pull': {
    risk: 'exposes',
    why: 'an image is fetched from a registry',
    params: [
      fields({
        image: setting,
        auth_config: fields(
          each('username password registry_uri', given(exposes('a sign-in goes to a registry'))),
        ),
      }),
    ],
  },
  'app.image.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'an image is deleted; it can be fetched again',
    params: [identity, fields({ force: flag({ on: destroys('also while apps need it') }) })],
  },
  'app.registry.create': {
    risk: 'exposes',
    why: 'a sign-in for a registry is stored',
    makes: true,
    params: [fields(each('name description username password uri', setting))],
  },
  'app.registry.update': {
    risk: 'exposes',
    why: 'a sign-in for a registry changes',
    params: [identity, fields(each('name description username password uri', setting))],
  },
  'app.registry.delete': {
    risk: 'configuration',
    level: 'destroy',
    why: 'a sign-in for a registry is removed',
    params: [identity],
  },
  'catalog.sync': { risk: 'reversible', why: 'the app catalog is read again', params: [] },
  'catalog.update': {
    risk: 'exposes',
    why: 'apps of other trains are offered, and run as they come',
    params: [fields({ preferred_trains: members({}) })],
  },
  'docker.update': {
    risk: 'configuration',
    why: 'settings of apps as a whole change',
    params: [
      fields({
        ...each('enable_image_updates nvidia migrate_applications', setting),
        pool: whenChanged(destroys('apps of the pool before stop, and are gone'), setting),
        address_pools: list(
          fields({ base: setting, size: setting }),
          cutsOffClients('all apps get other addresses', 'manage'),
        ),
        cidr_v6: whenChanged(cutsOffClients('all apps get other addresses', 'manage'), setting),
        ...each(
          'secure_registry_mirrors insecure_registry_mirrors',
          members({
            added: executes('images come from another host'),
            removed: loses('images come from elsewhere again'),
          }),
        ),
        registry_mirrors: list(
          fields(each('url insecure', setting)),
          executes('images come from another host'),
          loses('images come from elsewhere again'),
        ),
      }),
    ],
  },
  'docker.backup': { risk: 'configuration', why: 'the state of all apps is kept', params: [setting] },
  'docker.backup_to_pool': {
    risk: 'configuration',
    why: 'the state of all apps is copied to a pool',
    params: [identity],
  },
  'docker.delete_backup': { risk: 'destroys', why: 'a kept state of the apps is lost', params: [identity] },
  'docker.restore_backup': { risk: 'destroys', why: 'the apps as they are now are lost', params: [identity] },
};

/** The NAS starts the app anew unless it is told not to. */
function redeploys(call: JudgedCall): boolean {
  const [, options] = call.params;
  return !isRecord(options) || options['redeploy'] !== false;
}
