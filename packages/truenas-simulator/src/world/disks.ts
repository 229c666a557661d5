/** The disks of the simulated NAS: what they are, where they sit, how warm and how healthy. */
import { type Random, noise } from './random.ts';
import { HOUR_MS, MINUTE_MS } from './units.ts';

/** How a disk is doing. */
export type DiskHealth = 'healthy' | 'failing';

/** One disk. Sizes in bytes. */
export interface Disk {
  readonly name: string;
  readonly serial: string;
  readonly model: string;
  readonly sizeBytes: number;
  readonly kind: 'HDD' | 'SSD';
  readonly bus: 'ATA' | 'NVME';
  readonly rotationRate: number | null;
  readonly lunid: string | null;
  readonly slot: number;
  readonly health: DiskHealth;
  /** The pool it belongs to; null when it is spare hardware. */
  pool: string | null;
  /** The pool it was part of when that was exported; null when it was wiped or never had one. */
  exportedPool: string | null;
  zfsGuid: string | null;
  description: string;
  hddStandby: string;
  advPowerMgmt: string;
  /** Password of a self-encrypting disk: secret. */
  password: string;
  readonly powerOnHours: number;
}

/** The disks by their role in the NAS. */
export interface DiskPlan {
  readonly all: readonly Disk[];
  named(name: string): Disk;
}

/** What disks of one make have in common. */
export interface DiskModel {
  readonly model: string;
  readonly sizeBytes: number;
  /** Null for what does not turn. */
  readonly rotationRate: number | null;
}

/** A disk to build in. */
export type DiskSpec = readonly [name: string, model: DiskModel, health?: DiskHealth];

const HDD_16T: DiskModel = {
  model: 'ST16000NM001G-2KK103',
  sizeBytes: 16_000_900_661_248,
  rotationRate: 7200,
};
const HDD_8T: DiskModel = { model: 'WDC WD80EFZZ-68BTXN0', sizeBytes: 8_001_563_222_016, rotationRate: 5640 };
const SSD_4T: DiskModel = {
  model: 'Samsung SSD 870 EVO 4TB',
  sizeBytes: 4_000_787_030_016,
  rotationRate: null,
};
const NVME_1T: DiskModel = {
  model: 'Samsung SSD 980 PRO 1TB',
  sizeBytes: 1_000_204_886_016,
  rotationRate: null,
};
const NVME_SLOG: DiskModel = { model: 'INTEL SSDPEK1A058GA', sizeBytes: 58_977_157_120, rotationRate: null };
const NVME_BOOT: DiskModel = {
  model: 'KINGSTON OM8SEP4256Q',
  sizeBytes: 256_060_514_304,
  rotationRate: null,
};

export const DISK_MODELS = { HDD_16T, HDD_8T, SSD_4T, NVME_1T, NVME_SLOG, NVME_BOOT } as const;

/** Disks `sda`, `sdb` and so on, by their letters. */
export function sataDisks(letters: string, model: DiskModel): DiskSpec[] {
  return letters.split('').map((letter) => [`sd${letter}`, model]);
}

/** The 20 disks of the mixed world: six and a spare for `tank`, two for `backup` (one failing), four for `fast`, NVMe helpers, one unused. */
export const MIXED_DISKS: readonly DiskSpec[] = [
  ...sataDisks('abcdefg', HDD_16T),
  ['sdh', HDD_8T],
  ['sdi', HDD_8T, 'failing'],
  ...sataDisks('jklm', SSD_4T),
  ['sdn', HDD_16T],
  ['nvme0n1', NVME_BOOT],
  ['nvme1n1', NVME_BOOT],
  ['nvme2n1', NVME_1T],
  ['nvme3n1', NVME_1T],
  ['nvme4n1', NVME_SLOG],
  ['nvme5n1', NVME_1T],
];

/** Makes the disks of a world; `named` knows them by the names of the specs, too, where `shownName` has others. */
export function createDisks(
  random: Random,
  specs: readonly DiskSpec[],
  shownName: (specName: string) => string = (name) => name,
): DiskPlan {
  const disks: Disk[] = [];

  for (const [name, spec, health = 'healthy'] of specs) {
    const isNvme = name.startsWith('nvme');
    const isHdd = spec.rotationRate !== null;
    disks.push({
      name: shownName(name),
      serial: serialOf(random, spec.model),
      model: spec.model,
      sizeBytes: spec.sizeBytes,
      kind: isHdd ? 'HDD' : 'SSD',
      bus: isNvme ? 'NVME' : 'ATA',
      rotationRate: spec.rotationRate,
      lunid: isNvme ? null : `5000c500${random.hex(8)}`,
      slot: disks.length + 1,
      health,
      pool: null,
      exportedPool: null,
      zfsGuid: null,
      description: '',
      hddStandby: 'ALWAYS ON',
      advPowerMgmt: 'DISABLED',
      password: `sed-secret-${random.hex(12)}`,
      powerOnHours: random.int(2_000, 41_000),
    });
  }

  const byName = new Map(disks.map((disk) => [disk.name, disk]));
  for (const [name] of specs) {
    const disk = byName.get(shownName(name));
    if (disk !== undefined) byName.set(name, disk);
  }
  return {
    all: disks,
    named(name) {
      const disk = byName.get(name);
      if (disk === undefined) throw new Error(`no disk ${name}`);
      return disk;
    },
  };
}

/** Temperature in whole degrees Celsius at a moment: slow daily wave, a little noise, the failing disk runs hot. */
export function temperatureAt(disk: Disk, ms: number): number {
  const base = disk.bus === 'NVME' ? 44 : disk.kind === 'SSD' ? 33 : 36;
  const hot = disk.health === 'failing' ? 17 : 0;
  const wave = 3 * Math.sin((ms / (24 * HOUR_MS)) * 2 * Math.PI - 2);
  const jitter = 3 * noise(disk.serial, Math.floor(ms / (5 * MINUTE_MS)));
  return Math.round(base + hot + wave + jitter);
}

function serialOf(random: Random, model: string): string {
  if (model.startsWith('ST')) return `ZL2${random.text(5)}`;
  if (model.startsWith('WDC')) return `WD-CA${random.text(6)}`;
  if (model.startsWith('Samsung')) return `S6${random.text(12)}`;
  return random.text(16);
}
