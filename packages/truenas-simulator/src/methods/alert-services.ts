/** `alertservice.*`: where alerts are sent on to. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { anyObject, model, secret, text } from '../schema/schema.ts';
import { type AlertService, alertServiceRow, SERVICE_TITLES } from '../world/alert-services.ts';
import { ALERT_LEVELS } from './alert-classes.ts';
import { type Check, crud, type Data, memoized, required } from './crud.ts';

const some = text({ min: 1 });
const url = text({ min: 1, max: 2083 });
const maybeUrl = z.union([z.literal(''), url]).default('');
const maybe = some.nullable().default(null);
const AUTH_PROTOCOLS = ['MD5', 'SHA', '128SHA224', '192SHA256', '256SHA384', '384SHA512'] as const;
const PRIVACY_PROTOCOLS = [
  ...['DES', '3DESEDE', 'AESCFB128', 'AESCFB192', 'AESCFB256', 'AESBLUMENTHALCFB192'],
  'AESBLUMENTHALCFB256',
] as const;

/** What each kind of service needs. */
const KINDS: Readonly<Record<string, z.ZodRawShape>> = {
  AWSSNS: { region: some, topic_arn: some, aws_access_key_id: some, aws_secret_access_key: secret(some) },
  InfluxDB: { host: some, username: some, password: secret(some), database: some, series_name: some },
  Mail: { email: text().default('') },
  Mattermost: { url: secret(url), username: some, channel: text().default(''), icon_url: maybeUrl },
  OpsGenie: { api_key: secret(some), api_url: maybeUrl },
  PagerDuty: { service_key: secret(some), client_name: some },
  Slack: { url: secret(url) },
  SNMPTrap: {
    host: text(),
    port: z.int().min(1).max(65_535),
    v3: z.boolean(),
    community: maybe,
    v3_username: maybe,
    v3_authkey: secret(maybe),
    v3_privkey: secret(maybe),
    v3_authprotocol: z.enum(AUTH_PROTOCOLS).nullable().default(null),
    v3_privprotocol: z.enum(PRIVACY_PROTOCOLS).nullable().default(null),
  },
  Telegram: { bot_token: secret(some), chat_ids: z.array(z.int()).min(1) },
  VictorOps: { api_key: secret(some), routing_key: some },
};

const [firstKind, ...otherKinds] = Object.entries(KINDS).map(([type, shape]) =>
  model(`${type}ServiceModel`, { type: z.literal(type), ...shape }),
);
const attributes = z.discriminatedUnion(
  'type',
  firstKind === undefined ? ([] as never) : [firstKind, ...otherKinds],
);

/** Fields of attributes that 25.10 and later hide from those who may not write alert settings. */
const HIDDEN = [
  ...['aws_secret_access_key', 'password', 'url', 'api_key', 'service_key', 'v3_authkey', 'v3_privkey'],
  'bot_token',
];
const hidden = z.looseObject({
  attributes: z.looseObject(Object.fromEntries(HIDDEN.map((name) => [name, secret(z.unknown())]))),
});
const open = z.looseObject({ name: z.string() });

const common = { name: some, enabled: z.boolean().default(true) };
const current = model('AlertServiceCreate', { ...common, attributes, level: z.enum(ALERT_LEVELS) });
const old = model('AlertServiceCreate', { ...common, type: text(), attributes: anyObject(), level: text() });

export const ALERT_SERVICE_METHODS: readonly SimMethod[] = [
  ...crud<AlertService>({
    namespace: 'alertservice',
    // The NAS's own name for it is the class's, less every `Service`.
    entity: 'Alert',
    model: 'AlertService',
    what: 'services that alerts are sent to',
    roles: ['ALERT_READ'],
    writeRoles: ['ALERT_WRITE'],
    secretRoles: ['ALERT_WRITE'],
    row: (release) => (isAtLeast(release, '25.10') ? hidden : open),
    param: () => 'alert_service',
    attribute: 'alert_service',
    fields: { name: required(some) },
    models: (release) => ({ create: serviceModel(release), update: serviceModel(release) }),
    table: (world) => world.alertServices,
    show: ({ release }, row) => alertServiceRow(release, row),
    check,
  }),
  {
    name: 'alertservice.test',
    description: 'Sends a test alert; true when it arrived. Here nothing is sent anywhere.',
    roles: ['ALERT_WRITE'],
    params: memoized((release) => [['alert_service_create', serviceModel(release)]]),
    // Nothing outside can be reached from here, so nothing arrives.
    run: () => false,
  },
];

function serviceModel(release: SimRelease): z.ZodType {
  return isAtLeast(release, '25.10') ? current : old;
}

function check({ release }: MethodContext, { data, problems, at }: Check<AlertService>): Data {
  const isKnown = (ALERT_LEVELS as readonly unknown[]).includes(data.level);
  if (!isKnown) problems.add(`${at}.level`, `Level must be one of ${ALERT_LEVELS.join(', ')}`);
  if (isAtLeast(release, '25.10')) return data;
  const { type, ...rest } = data;
  if (!(String(type) in SERVICE_TITLES)) problems.add(`${at}.type`, 'This alert service does not exist');
  return { ...rest, attributes: { ...(data.attributes as Data), type } };
}
