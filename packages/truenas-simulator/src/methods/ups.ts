/** `ups.*`: how the NAS watches its power supply. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { isAtLeast } from '../releases.ts';
import { text } from '../schema/schema.ts';
import { UPS_DRIVERS } from '../world/ups.ts';
import { type ConfigChange, configService, settingsOf } from './config-service.ts';
import { type Fields, required } from './crud.ts';

const flag = z.boolean();
const some = text({ min: 1 });
const plain = text();

const oldFields: Fields = {
  powerdown: required(flag),
  rmonitor: required(flag),
  nocommwarntime: required(z.int().nullable()),
  remoteport: required(z.int()),
  shutdowntimer: required(z.int()),
  hostsync: required(z.int()),
  ...Object.fromEntries(
    ['description', 'driver', 'extrausers', 'identifier', 'monpwd', 'monuser', 'options', 'optionsupsd'].map(
      (name) => [name, required(plain)],
    ),
  ),
  mode: required(z.enum(['MASTER', 'SLAVE'])),
  port: required(plain),
  remotehost: required(plain),
  shutdown: required(z.enum(['LOWBATT', 'BATT'])),
  shutdowncmd: required(plain.nullable()),
};

const fields: Fields = {
  ...oldFields,
  remoteport: required(z.int().min(1).max(65_535)),
  hostsync: required(z.int().min(0)),
  identifier: required(some),
  monpwd: required(some),
  monuser: required(some),
};

const choices = { roles: ['READONLY_ADMIN', 'SYSTEM_GENERAL_READ'] } as const;

export const UPS_METHODS: readonly SimMethod[] = [
  ...configService({
    namespace: 'ups',
    entity: 'UPS',
    model: (release) => (release === '25.10' ? 'UPSUpdateArgs' : 'UPSUpdate'),
    roles: ['SYSTEM_GENERAL_READ'],
    writeRoles: ['SYSTEM_GENERAL_WRITE'],
    param: (release) => (isAtLeast(release, '27.0') ? 'data' : 'ups_update'),
    fields: (release) => (isAtLeast(release, '25.10') ? fields : oldFields),
    show(_context, stored) {
      const host = stored.mode === 'MASTER' ? 'localhost' : String(stored.remotehost);
      const complete = `${String(stored.identifier)}@${host}:${String(stored.remoteport)}`;
      return { ...stored, complete_identifier: complete };
    },
    check,
  }),
  {
    ...choices,
    name: 'ups.driver_choices',
    description: 'Drivers for UPS devices.',
    run: () => UPS_DRIVERS,
  },
  {
    ...choices,
    name: 'ups.port_choices',
    description: 'Ports a UPS can be connected to.',
    run({ world }: MethodContext) {
      const { serialconsole: isTaken, serialport: port } = settingsOf(world, 'system.advanced');
      return isTaken === true ? ['auto'] : [`/dev/${String(port)}`, 'auto'];
    },
  },
];

function check({ world }: MethodContext, { data, problems, at }: ConfigChange): undefined {
  const [driver, identifier] = [String(data.driver), String(data.identifier)];
  if (driver !== '' && !(driver in UPS_DRIVERS)) {
    problems.add(`${at}.driver`, "Driver selected does not match local machine's driver list");
  }
  const { serialconsole: isTaken, serialport: port } = settingsOf(world, 'system.advanced');
  if (isTaken === true && data.port === `/dev/${String(port)}`) {
    problems.add(`${at}.port`, 'This port is the serial console in the advanced system settings');
  }
  if (!/^[a-z0-9._-]*$/i.test(identifier)) {
    problems.add(`${at}.identifier`, 'Use alphanumeric characters, ".", "-" and "_"');
  }
  for (const field of ['monpwd', 'monuser']) {
    if (/[ #]/.test(String(data[field]))) {
      problems.add(`${at}.${field}`, 'Spaces or number signs are not allowed.');
    }
  }
  const needed = data.mode === 'MASTER' ? ['port', 'driver'] : ['remotehost'];
  for (const field of needed) {
    if (data[field] === '') problems.add(`${at}.${field}`, 'This field is required');
  }
}
