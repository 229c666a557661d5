/** The measurements there are: the graph of TrueNAS behind each, and its unit. */
import { formatBytes, formatNumber } from '../../output/units.ts';

/** Values of the argument `metric`. */
export const METRICS = [
  'cpu',
  'memory',
  'arc',
  'disk',
  'network',
  'cpu_temperature',
  'disk_temperature',
] as const;
export type Metric = (typeof METRICS)[number];

/** One kind of measurement. */
export interface MetricKind {
  /** TrueNAS's name of the graph. */
  readonly graph: string;
  /** True when there is one series per disk or interface. */
  readonly hasIdentifiers: boolean;
  readonly unit: string;
  format(value: number): string;
  /** The value in `unit`, from what the graph has. */
  convert(value: number): number;
  /** True when a zero means "not measured". */
  readonly zeroIsNothing?: boolean;
}

const same = (value: number): number => value;

export const METRIC_KINDS: Readonly<Record<Metric, MetricKind>> = {
  cpu: {
    graph: 'cpu',
    hasIdentifiers: false,
    unit: '%',
    format: (value) => `${formatNumber(value)} %`,
    convert: same,
  },
  memory: { graph: 'memory', hasIdentifiers: false, unit: 'bytes', format: formatBytes, convert: same },
  arc: { graph: 'arcsize', hasIdentifiers: false, unit: 'bytes', format: formatBytes, convert: same },
  disk: {
    graph: 'disk',
    hasIdentifiers: true,
    unit: 'bytes/s',
    format: (value) => `${formatBytes(value)}/s`,
    convert: (kibibytes) => kibibytes * 1024,
  },
  network: {
    graph: 'interface',
    hasIdentifiers: true,
    unit: 'bit/s',
    format: formatBits,
    convert: (kilobits) => kilobits * 1000,
  },
  cpu_temperature: {
    graph: 'cputemp',
    hasIdentifiers: false,
    unit: '°C',
    format: formatCelsius,
    convert: same,
    zeroIsNothing: true,
  },
  disk_temperature: {
    graph: 'disktemp',
    hasIdentifiers: true,
    unit: '°C',
    format: formatCelsius,
    convert: same,
    zeroIsNothing: true,
  },
};

function formatCelsius(value: number): string {
  return `${formatNumber(Math.round(value))} °C`;
}

/** Network rates are decimal by custom: `12.3 Mbit/s`. */
function formatBits(value: number): string {
  const units = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'];
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${formatNumber(scaled)} ${units[unit] ?? 'bit/s'}`;
}
