/** `core.*` about other machines: nothing here ever leaves the simulated NAS. */
import { isIP } from 'node:net';
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { ValidationErrors } from '../errors/exceptions.ts';
import { isAtLeast } from '../releases.ts';
import { model, text } from '../schema/schema.ts';

interface Ping {
  readonly type: 'ICMP' | 'ICMPV4' | 'ICMPV6';
  readonly hostname: string;
}

/** 25.04 checks the range by code. */
const oldTimeout = z
  .int()
  .refine((seconds) => seconds >= 1 && seconds <= 60, 'Should be between 1 and 60')
  .default(4);

export const CORE_PING_METHODS: readonly SimMethod[] = [
  {
    name: 'core.ping_remote',
    description: 'Whether another machine answers; here only the NAS itself does.',
    roles: ['FULL_ADMIN'],
    params: (release) => [
      [
        'options',
        model('CorePingRemoteArgs', {
          type: z.enum(['ICMP', 'ICMPV4', 'ICMPV6']).default('ICMP'),
          hostname: text(),
          ...(isAtLeast(release, '25.10')
            ? {
                timeout: z.int().min(1).max(60).default(4),
                count: maybe(z.int()),
                interface: maybe(text()),
                interval: maybe(text()),
              }
            : {
                timeout: oldTimeout,
                count: z.int().optional(),
                interface: text().optional(),
                interval: text().optional(),
              }),
        }),
      ],
    ],
    returns: z.boolean(),
    run: pingRemote,
  },
];

function maybe<Schema extends z.ZodType>(schema: Schema): z.ZodDefault<z.ZodNullable<Schema>> {
  return schema.nullable().default(null);
}

function pingRemote({ world }: MethodContext, { hostname, type }: Ping): boolean {
  const problems = new ValidationErrors();
  const own = hostname === 'localhost' || hostname === world.system.hostname ? '127.0.0.1' : hostname;
  const version = isIP(own);
  if (version === 0) problems.add('options.hostname', `${hostname} cannot be resolved to an IP address.`);
  problems.check();
  const wanted = type === 'ICMPV6' ? 6 : 4;
  if (version !== wanted) {
    problems.add(
      'options.type',
      `Requested ICMPv${wanted} protocol, but the address provided "${own}" is not a valid IPv${wanted} address.`,
    );
  }
  problems.check();
  const addresses = world.system.interfaces.flatMap((each) => each.addresses.map(({ address }) => address));
  return own === '::1' || own.startsWith('127.') || addresses.includes(own);
}
