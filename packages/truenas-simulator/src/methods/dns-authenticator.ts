/** `acme.dns.authenticator.*`: how the NAS proves to an ACME server that a domain is its own. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { model, secret, text } from '../schema/schema.ts';
import type { DnsAuthenticator } from '../world/sign-on.ts';
import { type Check, crud, type Data, required } from './crud.ts';

const some = text({ min: 1 });
const maybe = some.nullable().default(null);
const ENDPOINTS = [
  ...(['ovh-eu', 'ovh-us', 'ovh-ca'] as const),
  ...(['kimsufi-eu', 'kimsufi-ca', 'soyoustart-eu', 'soyoustart-ca'] as const),
];

/** What each provider needs. */
const attributes = z.discriminatedUnion('authenticator', [
  model('CloudFlareSchema', {
    authenticator: z.literal('cloudflare'),
    cloudflare_email: maybe,
    api_key: secret(maybe),
    api_token: secret(maybe),
  }),
  model('DigitalOceanSchema', {
    authenticator: z.literal('digitalocean'),
    digitalocean_token: secret(some),
  }),
  model('OVHSchema', {
    authenticator: z.literal('OVH'),
    application_key: some,
    application_secret: some,
    consumer_key: some,
    endpoint: z.enum(ENDPOINTS),
  }),
  model('Route53Schema', {
    authenticator: z.literal('route53'),
    access_key_id: some,
    secret_access_key: some,
  }),
  model('ShellSchema', {
    authenticator: z.literal('shell'),
    script: text(),
    user: text({ min: 1 }).default('nobody'),
    timeout: z.int().min(5).default(60),
    delay: z.int().min(10).default(60),
  }),
]);

const fields = { attributes: required(attributes), name: required(text()) };

/** The models are called otherwise on 25.04. */
const models = memoizedModels((release) => {
  const isOld = !isAtLeast(release, '25.10');
  return {
    create: model(isOld ? 'ACMEDNSAuthenticatorCreateArgs' : 'DNSAuthenticatorCreateArgs', {
      attributes,
      name: text(),
    }),
    update: model('ACMEDNSAuthenticatorUpdate', {
      attributes: attributes.optional(),
      name: text().optional(),
    }),
  };
});

export const DNS_AUTHENTICATOR_METHODS: readonly SimMethod[] = crud<DnsAuthenticator>({
  namespace: 'acme.dns.authenticator',
  entity: 'DNSAuthenticator',
  what: 'ways to prove a domain',
  roles: ['NETWORK_INTERFACE_READ'],
  writeRoles: ['NETWORK_INTERFACE_WRITE'],
  secretRoles: ['NETWORK_INTERFACE_WRITE'],
  row: z.looseObject({ attributes: secret(z.unknown()) }),
  param: 'dns_authenticator',
  attribute: 'dns_authenticator',
  fields,
  models,
  table: ({ signOn }) => signOn.authenticators,
  check,
  beforeDelete: forget,
});

function memoizedModels<Models>(build: (release: SimRelease) => Models): (release: SimRelease) => Models {
  const known = new Map<SimRelease, Models>();
  return (release) => {
    const made = known.get(release) ?? build(release);
    known.set(release, made);
    return made;
  };
}

function check(
  { world }: MethodContext,
  { data, old, problems, at }: Check<DnsAuthenticator>,
): Data | undefined {
  const others = world.signOn.authenticators.rows().filter(({ id }) => id !== old?.id);
  if (others.some(({ name }) => name === data['name']))
    problems.add(`${at}.name`, 'Specified name is already in use');
  const given = data['attributes'] as DnsAuthenticator['attributes'];
  if (old !== null && given.authenticator !== old.attributes.authenticator)
    problems.add(`${at}.attributes.authenticator`, 'Authenticator cannot be changed');
  if (given.authenticator === 'cloudflare') checkCloudflare(given, problems);
  return undefined;
}

function checkCloudflare(given: Data, problems: Check<DnsAuthenticator>['problems']): void {
  const [email, key, token] = ['cloudflare_email', 'api_key', 'api_token'].map((name) =>
    Boolean(given[name]),
  );
  if (token === true) {
    if (email === true)
      problems.add(
        'cloudflare_email',
        'The Cloudflare email should not be specified when using an "api_token." It is only required when using an "api_key."',
      );
    if (key === true)
      problems.add(
        'api_key',
        'You can use either an "api_token" or the combination of "Cloudflare email + api_key" (old way) for verification, but not both.',
      );
    return;
  }
  if (email !== true && key !== true) {
    problems.add('api_token', 'Attribute must be specified when Global API Key is not specified.');
    return;
  }
  if (email !== true)
    problems.add(
      'cloudflare_email',
      'Attribute is required when using a Global API Key (should be associated with Cloudflare account).',
    );
  if (key !== true) problems.add('api_key', 'Attribute is required when using a Global API Key.');
}

/** Certificates that were proven by it no longer name it: they are not renewed. */
function forget({ world }: MethodContext, { id }: DnsAuthenticator): void {
  world.certificates = world.certificates.map((each) => {
    const mapping: unknown = each.row['domains_authenticators'];
    if (typeof mapping !== 'object' || mapping === null || !Object.values(mapping).includes(id)) return each;
    const left = Object.entries(mapping).filter(([, of]) => of !== id);
    return { ...each, row: { ...each.row, domains_authenticators: Object.fromEntries(left) } };
  });
}
