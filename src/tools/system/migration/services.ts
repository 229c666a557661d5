/** Services and settings before a move. */
import { field, objectOf } from '../../support/rows.ts';
import { rowsFrom } from '../upgrade-part.ts';
import { isFilled, LEAVES_CORE, type MigrationCheck, migrationCheck, named, words } from './check.ts';
import { SETTINGS_GONE } from './gone.ts';

/** Services without a finding of their own, by the names of CORE. */
const GONE: Readonly<Record<string, string>> = {
  dynamicdns: 'dynamic DNS',
  lldp: 'LLDP',
  tftp: 'TFTP',
};

const services = migrationCheck(
  { part: 'services', title: 'services', uses: ['service.query'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { service: field.text, enable: field.flag, state: field.text };
    for (const { service, enable, state } of await rowsFrom(nas, 'service.query', shape)) {
      const name = service === null ? undefined : GONE[service];
      if (service !== null && name === undefined) continue;
      const isUsed = enable === true || state === 'RUNNING';
      const isKnown = isUsed || (service !== null && enable !== null && state !== null);
      const how = words(enable === true && 'starts by itself', state === 'RUNNING' && 'runs');
      when('service', name ?? 'a service', [isKnown ? isUsed : null], how);
    }
  },
);

function openvpn(side: 'client' | 'server'): MigrationCheck {
  const method = `openvpn.${side}.config`;
  return migrationCheck(
    { part: 'services', title: `OpenVPN ${side}`, uses: [method], ...LEAVES_CORE },
    async (nas, when) => {
      const certificate = `${side}_certificate`;
      const shape = { [certificate]: field.unknown };
      const row = objectOf(await nas.call(method, []), shape);
      const given = row[certificate];
      const isSetUp = given === undefined ? null : given !== null;
      when('openvpn', side, [isSetUp]);
    },
  );
}

const nis = migrationCheck(
  { part: 'accounts', title: 'NIS', uses: ['nis.config'], ...LEAVES_CORE },
  async (nas, when) => {
    const shape = { enable: field.flag, domain: field.text };
    const { enable, domain } = objectOf(await nas.call('nis.config', []), shape);
    when('nis', isFilled(domain) === true ? named(domain) : 'NIS', [enable]);
  },
);

const certificates = migrationCheck(
  {
    ...{ part: 'services', title: 'certificate authorities', uses: ['certificateauthority.query'] },
    into: '25.10',
  },
  async (nas, when) => {
    const shape = { name: field.text };
    for (const { name } of await rowsFrom(nas, 'certificateauthority.query', shape)) {
      when('certificate_authority', named(name), [true]);
    }
  },
);

/** A setting that is on and has no successor of its name: one check for each method. */
const settings = SETTINGS_GONE.map(({ method, setting, only = setting, what }) =>
  migrationCheck({ part: 'services', title: what, uses: [method], ...LEAVES_CORE }, async (nas, when) => {
    const row = objectOf(await nas.call(method, []), {
      [setting]: field.unknown,
      [only]: field.unknown,
    });
    when('setting', what, [isOn(row[setting]), isOn(row[only])]);
  }),
);

/** True for a switch that is on and a text with something in it; null for what is neither. */
function isOn(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : isFilled(field.text(value));
}

const nvidia = migrationCheck(
  { part: 'workloads', title: 'NVIDIA driver', uses: ['docker.config'], into: '25.10' },
  async (nas, when) => {
    const { nvidia: isOn } = objectOf(await nas.call('docker.config', []), { nvidia: field.flag });
    when('nvidia', 'apps', [isOn]);
  },
);

export const SERVICE_CHECKS: readonly MigrationCheck[] = [
  services,
  openvpn('server'),
  openvpn('client'),
  nis,
  certificates,
  ...settings,
  nvidia,
];
