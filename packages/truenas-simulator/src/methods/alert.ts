/** `alert.*`: what is wrong, and putting it aside. */
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { text } from '../schema/schema.ts';
import { type Alert, poolAlert } from '../world/alerts.ts';
import { poolState } from '../world/pools.ts';
import { wholeSeconds } from '../world/units.ts';
import type { World } from '../world/world.ts';
import { ALERT_LEVELS, ALERT_POLICIES, isWanted, levelOf } from './alert-classes.ts';
import type { ApiRow } from './common.ts';

const uuid = [['uuid', text()]] as const;

export const ALERT_METHODS: readonly SimMethod[] = [
  {
    name: 'alert.list',
    description: 'All alerts, dismissed ones included, the most severe first.',
    roles: ['ALERT_LIST_READ'],
    run(context: MethodContext) {
      refreshPoolAlerts(context);
      const { world } = context;
      const rank = (alert: Alert): number => ALERT_LEVELS.indexOf(levelOf(world, alert));
      return world.alerts
        .filter((alert) => isWanted(world, alert))
        .sort((left, right) => rank(right) - rank(left))
        .map((alert) => alertRow(world, alert));
    },
  },
  {
    name: 'alert.list_policies',
    description: 'How often alerts can be sent on.',
    roles: ['ALERT_LIST_READ'],
    run: () => ALERT_POLICIES,
  },
  {
    name: 'alert.dismiss',
    description: 'Puts an alert aside; it stays listed as dismissed.',
    roles: ['ALERT_LIST_WRITE'],
    params: uuid,
    run: (context: MethodContext, id: string) => setDismissed(context, id, true),
  },
  {
    name: 'alert.restore',
    description: 'Brings a dismissed alert back.',
    roles: ['ALERT_LIST_WRITE'],
    params: uuid,
    run: (context: MethodContext, id: string) => setDismissed(context, id, false),
  },
];

/** Raises what is missing about pools that are not well, and clears what is told of those that are. */
export function refreshPoolAlerts({ world, events }: MethodContext): void {
  const told = new Set<string>();
  const bad = world.pools.all.filter((pool) => poolState(pool) !== 'ONLINE');
  for (const alert of world.alerts.filter(({ klass }) => klass === 'VolumeStatus')) {
    const { volume } = alert.args as { volume: string };
    if (bad.some(({ name }) => name === volume)) {
      told.add(volume);
      continue;
    }
    world.alerts.splice(world.alerts.indexOf(alert), 1);
    events.publish({ collection: 'alert.list', msg: 'removed', id: alert.uuid });
  }
  for (const pool of bad) {
    if (told.has(pool.name)) continue;
    const alert = poolAlert(world.random, pool, world.now());
    world.alerts.push(alert);
    events.publish({
      collection: 'alert.list',
      msg: 'added',
      id: alert.uuid,
      fields: alertRow(world, alert),
    });
  }
}

/** An unknown UUID is ignored, as on the NAS. */
function setDismissed(context: MethodContext, id: string, isDismissed: boolean): null {
  const alert = context.world.alerts.find((each) => each.uuid === id);
  if (alert === undefined || alert.isDismissed === isDismissed) return null;
  alert.isDismissed = isDismissed;
  context.events.publish({
    collection: 'alert.list',
    msg: 'changed',
    id,
    fields: alertRow(context.world, alert),
  });
  return null;
}

function alertRow(world: World, alert: Alert): ApiRow {
  return {
    uuid: alert.uuid,
    source: alert.source,
    klass: alert.klass,
    args: alert.args,
    node: 'Controller A',
    key: alert.key,
    datetime: wholeSeconds(alert.raisedMs),
    last_occurrence: wholeSeconds(alert.lastSeenMs),
    dismissed: alert.isDismissed,
    mail: null,
    text: alert.template,
    id: alert.uuid,
    level: levelOf(world, alert),
    formatted: alert.formatted,
    one_shot: alert.isOneShot,
  };
}
