/** `s3.*` (27.0): the object storage service, and the keys that open it. */
import * as z from 'zod';
import { ERRNO } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { model, secret, text } from '../schema/schema.ts';
import { newSecrets, type S3AccessKey, type S3Grant } from '../world/s3.ts';
import { type ApiRow, ONLY_27_0 } from './common.ts';
import { type ConfigChange, configService } from './config-service.ts';
import { type Check, crud, type Data, optional, required } from './crud.ts';
import { auditMask, auditOverflow, checkGrants, grants, showGrants } from './s3-grants.ts';

const read = ['SHARING_S3_READ'];
const write = ['SHARING_S3_WRITE'];
const flag = z.boolean();
const port = z.int().min(1).max(65_535);

const listener = model('S3Listener', {
  address: text({ min: 1 }),
  port: port.default(9000),
  tls: flag.default(false),
});

const keyRow = z.looseObject({ secret: secret(z.string()) });
const expiry = z.date().nullable();
const keyName = text({ min: 1, max: 200 });

export const S3_METHODS: readonly SimMethod[] = [
  ...configService({
    namespace: 's3',
    entity: 'S3',
    releases: ONLY_27_0,
    roles: read,
    writeRoles: write,
    audited: 'Update S3 configuration',
    fields: {
      listeners: required(z.array(listener)),
      servers: required(z.int().min(1).max(8)),
      certificate: required(z.int().nullable()),
      region: required(
        z
          .string()
          .max(63)
          .regex(/^[a-z0-9-]*$/),
      ),
      log_level: required(z.enum(['ERROR', 'WARNING', 'NOTICE', 'INFO', 'DEBUG'])),
      default_audit: required(auditMask),
      default_audit_overflow: required(auditOverflow),
      global_grants: required(grants),
      managed_root_dataset: required(text()),
    },
    show: (context, stored) => ({
      ...stored,
      global_grants: showGrants(context, stored.global_grants as readonly S3Grant[]),
    }),
    check: checkConfig,
  }),
  {
    name: 's3.bindip_choices',
    description: 'Addresses that the service can listen on.',
    releases: ONLY_27_0,
    roles: ['READONLY_ADMIN', ...read],
    run({ world }: MethodContext) {
      const own = world.system.interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
      return Object.fromEntries(['0.0.0.0', '::', ...own].map((address) => [address, address]));
    },
  },
  ...crud<S3AccessKey>({
    namespace: 's3.accesskey',
    entity: 'S3Accesskey',
    what: 'keys to the object storage',
    releases: ONLY_27_0,
    roles: read,
    writeRoles: write,
    audited: '% S3 access key',
    secretRoles: write,
    row: keyRow,
    fields: {
      name: required(keyName),
      username: required(text()),
      access_key: optional(
        z
          .string()
          .regex(/^[A-Z0-9]{16,128}$/)
          .nullable(),
        null,
      ),
      secret: optional(
        secret(
          z
            .string()
            .min(16)
            .max(128)
            .regex(/^[\x21-\x7E]+$/)
            .nullable(),
        ),
        null,
      ),
      enabled: optional(flag, true),
      expires_at: optional(expiry, null),
      manage_buckets: optional(flag, false),
    },
    updateFields: {
      name: required(keyName),
      enabled: required(flag),
      expires_at: required(expiry),
      manage_buckets: required(flag),
      rotate: required(flag),
    },
    table: (world) => world.s3.keys,
    show: showKey,
    check: checkKey,
  }),
];

function checkConfig(context: MethodContext, { data, problems, at }: ConfigChange): undefined {
  const { world } = context;
  checkGrants(context, data.global_grants as readonly S3Grant[], problems, `${at}.global_grants`);
  const root = String(data.managed_root_dataset);
  if (root !== '' && world.datasets.get(root)?.type !== 'FILESYSTEM') {
    problems.add(`${at}.managed_root_dataset`, 'Dataset does not exist');
  }
  const needsCertificate = (data.listeners as readonly { tls: boolean }[]).some(({ tls }) => tls);
  const isKnown = world.certificates.some(({ id }) => id === data.certificate);
  if (needsCertificate && !isKnown) {
    problems.add(`${at}.certificate`, 'A listener with TLS needs a certificate that exists');
  }
}

function showKey({ accounts, now }: MethodContext, key: S3AccessKey): ApiRow {
  const { uid, ...rest } = key;
  const user = [...accounts.users.values()].find((each) => each.uid === uid);
  const isExpired = key.expires_at !== null && key.expires_at.getTime() <= now();
  const status =
    user === undefined ? 'USER_MISSING' : isExpired ? 'EXPIRED' : key.enabled ? 'ENABLED' : 'DISABLED';
  return { ...rest, username: user?.username ?? null, user_identifier: uid, local: true, status };
}

function checkKey(context: MethodContext, { data, old, problems, at }: Check<S3AccessKey>): Data {
  const { world, accounts, now } = context;
  const others = world.s3.keys.rows().filter(({ id }) => id !== old?.id);
  if (others.some(({ name }) => name === data.name)) {
    problems.add(`${at}.name`, 'Name must be unique.', ERRNO.EEXIST);
  }
  if (others.some(({ access_key: used }) => used === data.access_key)) {
    problems.add(`${at}.access_key`, 'This access key is in use.', ERRNO.EEXIST);
  }
  const { rotate, username, ...rest } = data;
  const user = accounts.userByName(String(username));
  if (old === null && user === undefined) problems.add(`${at}.username`, 'User does not exist.');
  const fresh = newSecrets(world.random);
  if (old !== null) return rotate === true ? { ...rest, secret: fresh.secret } : rest;
  return {
    ...rest,
    uid: user?.uid ?? -1,
    access_key: data.access_key ?? fresh.access_key,
    secret: data.secret ?? fresh.secret,
    created_at: new Date(now()),
    last_used_at: null,
  };
}
