/** `system.*` on FreeBSD. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import type { ApiRow } from '../common.ts';
import { baseAnswer, fields, same } from '../legacy/base.ts';

const INFO =
  'version buildtime hostname physmem model cores loadavg uptime uptime_seconds system_serial system_product ' +
  'system_product_version license boottime datetime birthday timezone system_manufacturer ecc_memory';

export const SYSTEM_METHODS: readonly SimMethod[] = [
  {
    name: 'system.info',
    description: 'Hardware, version, uptime and load.',
    run(context: MethodContext) {
      const row = baseAnswer(context, 'system.info') as ApiRow;
      const { version, builtMs } = context.world.system;
      return fields(row, INFO, { version, birthday: new Date(builtMs + BIRTHDAY_MS) });
    },
  },
  same('system.version'),
  { ...same('system.state') },
  { ...same('system.ready') },
  { ...same('system.host_id') },
  { ...same('system.boot_id'), auth: 'login' },
  open('system.product_type', 'Which edition it is.', () => 'CORE'),
  open('system.product_name', 'The name of the product.', () => 'TrueNAS'),
  open('system.is_freenas', 'True for the free edition.', () => true),
  open('system.environment', 'Where it runs.', () => 'DEFAULT'),
  open('system.build_time', 'When this version was built.', ({ world }) => new Date(world.system.builtMs)),
  {
    name: 'system.hostname',
    description: 'The name of the machine.',
    isPrivate: true,
    run: ({ world }: MethodContext) => `${world.system.hostname}.${world.system.domain}`,
  },
];

/** From the making of a version to its installation. */
const BIRTHDAY_MS = 2 * 86_400_000;

/** A method that needs no sign-in. */
function open(name: string, description: string, run: (context: MethodContext) => unknown): SimMethod {
  return { name, description, auth: 'none', run };
}
