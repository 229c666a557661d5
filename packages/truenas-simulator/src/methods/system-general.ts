/**
 * `system.general.update` and what tries the web interface out: settings take effect when it restarts, which cuts every
 * connection, and go again by themselves where a trial was asked for and nobody checks in.
 */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { ValidationErrors } from '../errors/exceptions.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import { ONLY_25_04, SINCE_25_10 } from './common.ts';
import { type Data, memoized } from './crud.ts';

const write = ['SYSTEM_GENERAL_WRITE'];
const NAMESPACE = 'system.general';

const switches = ['ui_httpsredirect', 'ui_consolemsg', 'ds_auth'];

function settingsModel(release: SimRelease): z.ZodType {
  const isOld = !isAtLeast(release, '25.10');
  const port = isOld ? z.int() : z.int().min(1).max(65_535);
  const places = isOld ? z.array(text()) : z.array(text()).min(1);
  const protocols = z.array(z.enum(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']));
  const once = protocols.refine((all) => new Set(all).size === all.length, 'not unique');
  const shape: Record<string, z.ZodType> = {
    ui_certificate: secret(z.int().nullable()),
    ...{ ui_httpsport: port, ui_port: port },
    ui_httpsprotocols: isOld ? protocols : once,
    ...{ ui_address: places, ui_v6address: places, ui_allowlist: z.array(text()) },
    ui_x_frame_options: z.enum(['SAMEORIGIN', 'DENY', 'ALLOW_ALL']),
    kbdmap: text(),
    ...(isOld ? { language: text() } : {}),
    timezone: isOld ? text() : text({ min: 1 }),
    usage_collection: z.boolean().nullable(),
    ...{ rollback_timeout: z.int().nullable(), ui_restart_delay: z.int().nullable() },
    ...Object.fromEntries(switches.map((name) => [name, z.boolean()])),
  };
  return model(
    'SystemGeneralUpdateArgs',
    Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, schema.optional()])),
  );
}

export const SYSTEM_GENERAL_METHODS: readonly SimMethod[] = [
  {
    name: 'system.general.update',
    description: 'Changes general settings; those of the web interface take effect when it restarts.',
    roles: write,
    secretRoles: write,
    returns: z.looseObject({ ui_certificate: secret(z.unknown()) }),
    audited: 'System general update',
    params: memoized((release) => [
      [
        'general_settings',
        isAtLeast(release, '27.0') ? settingsModel(release).prefault({}) : settingsModel(release),
      ],
    ]),
    run: update,
  },
  {
    name: 'system.general.ui_restart',
    description: 'Restarts the web interface after some seconds.',
    roles: write,
    params: memoized((release) => [
      ['delay', (isAtLeast(release, '25.10') ? z.int().min(0) : z.int()).default(3)],
    ]),
    run({ internals }: MethodContext, seconds: number) {
      internals.restartWeb(seconds);
      return null;
    },
  },
  ...trialMethods(SINCE_25_10, write),
  ...trialMethods(ONLY_25_04, []),
];

/** For full administrators only on 25.04. */
function trialMethods(releases: readonly SimRelease[], roles: readonly string[]): SimMethod[] {
  return [
    {
      name: 'system.general.checkin',
      description: 'Keeps settings of the web interface that are on trial.',
      releases,
      roles,
      run({ world }: MethodContext) {
        world.webTrial = null;
        return null;
      },
    },
    {
      name: 'system.general.checkin_waiting',
      description: 'Seconds until settings on trial are taken back.',
      releases,
      roles,
      run: ({ world, now }: MethodContext) =>
        world.webTrial === null ? null : Math.max(0, Math.floor((world.webTrial.revertsAtMs - now()) / 1000)),
    },
  ];
}

function update(context: MethodContext, changes: Data): unknown {
  const { world, internals, now } = context;
  const { rollback_timeout: timeout, ui_restart_delay: restart, ui_certificate: id, ...plain } = changes;
  const original = world.settings[NAMESPACE] ?? {};
  const chosen = id === undefined ? {} : certificateSettings(context, id);
  check({ ...original, ...plain });
  world.settings = { ...world.settings, [NAMESPACE]: { ...original, ...plain, ...chosen } };
  if (typeof timeout === 'number') {
    const trial = { revertsAtMs: now() + timeout * 1000 };
    world.webTrial = trial;
    internals.later(timeout, () => {
      if (world.webTrial !== trial) return;
      world.webTrial = null;
      const kept = Object.entries(original).filter(([name]) => name.startsWith('ui_'));
      const present = world.settings[NAMESPACE] ?? {};
      world.settings = { ...world.settings, [NAMESPACE]: { ...present, ...Object.fromEntries(kept) } };
      internals.restartWeb(0);
    });
  }
  if (typeof restart === 'number') internals.restartWeb(restart);
  return world.settings[NAMESPACE];
}

/** How the chosen certificate is kept. @throws ValidationErrors for one that cannot serve */
function certificateSettings({ world, release }: MethodContext, id: unknown): Data {
  const found = world.certificates.find((each) => each.id === id);
  const problems = new ValidationErrors();
  const complain = (why: string): void => {
    problems.add('general_settings_update.ui_certificate', why);
  };
  if (found === undefined) complain('Please specify a valid certificate which exists in the system');
  else if (found.row['cert_type_CSR'] === true)
    complain('Selected certificate id is not a valid certificate');
  else {
    if ((found.row['privatekey'] ?? null) === null)
      complain('Selected certificate does not have a private key');
    if (found.untilMs < world.now())
      complain(
        `'${String(found.row['name'])}' has expired (it was valid until '${String(found.row['until'])}')`,
      );
  }
  problems.check();
  return isAtLeast(release, '27.0')
    ? { ui_certificate: id, ui_certificate_name: found?.row['name'] }
    : { ui_certificate: found?.row };
}

/** @throws ValidationErrors */
function check(data: Data): void {
  const problems = new ValidationErrors();
  if (data['ui_port'] === data['ui_httpsport'])
    problems.add('general_settings_update.ui_port', 'Must be different from "ui_httpsport"');
  problems.check();
}
