/** The rows of the table of settings that make the simulated NAS. */
import { Misfit, splitList, integerBetween, oneOf, parsePlainText, parseSwitch } from './parse.ts';
import { setting, SIMULATED_RELEASES, SIMULATED_WORLDS } from './setting.ts';

/** The rows, in the order in which they are documented. */
export const SIMULATOR_SETTINGS = {
  release: setting({
    flag: 'release',
    commands: ['serve', 'demo', 'simulate'],
    choices: SIMULATED_RELEASES,
    type: SIMULATED_RELEASES.join(', '),
    default: '25.10',
    description: 'Release that the simulated TrueNAS plays.',
    example: '25.10',
    parse: oneOf(SIMULATED_RELEASES),
  }),
  world: setting({
    flag: 'world',
    commands: ['serve', 'demo', 'simulate'],
    choices: SIMULATED_WORLDS,
    type: SIMULATED_WORLDS.join(', '),
    default: 'mixed',
    description:
      'Kind of NAS: a bit of everything, a home, an office, one in trouble, or a fresh installation.',
    example: 'home',
    parse: oneOf(SIMULATED_WORLDS),
  }),
  seed: setting({
    flag: 'seed',
    commands: ['serve', 'demo', 'simulate'],
    type: 'number',
    default: '1',
    description: 'Seed of the simulated world; the same seed gives the same world.',
    example: '42',
    parse: integerBetween(0, 4_294_967_295),
  }),
  datasets: setting({
    flag: 'datasets',
    commands: ['serve', 'demo', 'simulate'],
    type: 'number',
    description: 'At least so many datasets in the simulated world.',
    example: '10000',
    parse: integerBetween(0, 1_000_000),
  }),
  snapshots: setting({
    flag: 'snapshots',
    commands: ['serve', 'demo', 'simulate'],
    type: 'number',
    description: 'At least so many snapshots in the simulated world.',
    example: '100000',
    parse: integerBetween(0, 10_000_000),
  }),
  port: setting({
    flag: 'port',
    commands: ['simulate'],
    type: 'port (0 picks one)',
    default: '0',
    description: 'Port to listen on.',
    example: '8443',
    parse: integerBetween(0, 65_535),
  }),
  host: setting({
    flag: 'host',
    commands: ['simulate'],
    type: 'loopback address',
    default: '127.0.0.1',
    description: 'Address to listen on; loopback only.',
    example: '127.0.0.1',
    parse: parsePlainText,
  }),
  roles: setting({
    flag: 'role',
    isList: true,
    commands: ['simulate'],
    type: 'list of TrueNAS roles',
    default: 'FULL_ADMIN',
    description: 'What the issued API key may do.',
    example: 'READONLY_ADMIN',
    parse: parseRoles,
  }),
  json: setting({
    flag: 'json',
    isSwitch: true,
    commands: ['simulate'],
    type: 'switch',
    description:
      'Print one line of JSON with url, apiKey, username, fingerprint and caFile, then stay quiet.',
    example: '',
    parse: parseSwitch,
  }),
} as const;

function parseRoles(text: string): readonly string[] {
  const roles = splitList(text);
  if (roles.length === 0) throw new Misfit('must name at least one role');
  return roles;
}
