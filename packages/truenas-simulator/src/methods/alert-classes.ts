/** `alertclasses.*` and `alert.list_categories`: kinds of alerts, how grave they are, and when they are sent on. */
import * as z from 'zod';
import { ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { anyObject, model } from '../schema/schema.ts';
import { ALERT_CATEGORIES, type AlertClassSetting, alertClasses } from '../world/alert-classes.ts';
import type { Alert, AlertLevel } from '../world/alerts.ts';
import type { World } from '../world/world.ts';
import { type ApiRow, ONLY_27_0, UNTIL_25_10 } from './common.ts';
import { memoized } from './crud.ts';

/** From the least grave to the gravest. */
export const ALERT_LEVELS = ['INFO', 'NOTICE', 'WARNING', 'ERROR', 'CRITICAL', 'ALERT', 'EMERGENCY'] as const;
/** How often an alert is sent on. */
export const ALERT_POLICIES = ['IMMEDIATELY', 'HOURLY', 'DAILY', 'NEVER'] as const;

const setting = model('AlertClassConfiguration', {
  level: z.enum(ALERT_LEVELS).optional(),
  policy: z.enum(ALERT_POLICIES).optional(),
  proactive_support: z.boolean().optional(),
});

const listCategories = {
  name: 'alert.list_categories',
  description: 'Kinds of alerts there are.',
  roles: ['ALERT_LIST_READ'],
  run: ({ world }: MethodContext) => categories(world.release),
} as const;

export const ALERT_CLASS_METHODS: readonly SimMethod[] = [
  { ...listCategories, releases: UNTIL_25_10 },
  {
    ...listCategories,
    releases: ONLY_27_0,
    params: [
      [
        'options',
        model('AlertListCategoriesOptions', {
          include_all_products: z.boolean().default(false),
          include_hidden_classes: z.boolean().default(false),
        }).prefault({}),
      ],
    ],
  },
  {
    name: 'alertclasses.config',
    description: 'Kinds of alerts for which somebody changed how grave they are or when they are sent on.',
    roles: ['ALERT_READ'],
    run: ({ world }: MethodContext) => entry(world),
  },
  {
    name: 'alertclasses.update',
    description: 'Sets how grave kinds of alerts are and when they are sent on; all others are as they come.',
    roles: ['ALERT_WRITE'],
    params: memoized((release) => [
      [
        isAtLeast(release, '25.10') ? 'alert_class_update' : 'data',
        model('AlertClassesUpdate', {
          classes: (isAtLeast(release, '25.10') ? z.record(z.string(), setting) : anyObject()).optional(),
        }),
      ],
    ]),
    run: update,
  },
];

/** How grave an alert is here. */
export function levelOf(world: World, { klass, level }: Alert): AlertLevel {
  return world.alertClasses.get(klass)?.level ?? level;
}

/** False for an alert of which nobody wants to hear: it is not even listed. */
export function isWanted(world: World, { klass }: Alert): boolean {
  return world.alertClasses.get(klass)?.policy !== 'NEVER';
}

function entry(world: World): ApiRow {
  return { id: 1, classes: Object.fromEntries(world.alertClasses) };
}

function update({ world }: MethodContext, { classes }: { classes?: Record<string, unknown> }): ApiRow {
  const known = new Set(alertClasses(world.release).map(({ name }) => name));
  const problems = new ValidationErrors();
  const parsed = Object.entries(classes ?? {}).map(([name, value]): [string, AlertClassSetting] => {
    const at = `alert_class_update.classes.${name}`;
    if (!known.has(name)) problems.add(at, 'This alert class does not exist');
    const checked = setting.safeParse(value);
    if (!checked.success) problems.add(at, 'Not a level and policy');
    return [name, checked.data ?? {}];
  });
  problems.check();
  if (classes === undefined) return entry(world);
  world.alertClasses.clear();
  for (const [name, value] of parsed) world.alertClasses.set(name, value);
  return entry(world);
}

function categories(release: SimRelease): ApiRow[] {
  const all = alertClasses(release);
  return [...ALERT_CATEGORIES].map(([id, title]) => ({
    id,
    title,
    classes: all
      .filter(({ category }) => category === id)
      .toSorted((left, right) => (left.title < right.title ? -1 : 1))
      .map(({ name, title: shown, level }) => ({
        ...{ id: name, title: shown, level, proactive_support: false },
      })),
  }));
}
