/** The measurements there are: the graph of TrueNAS behind each, and its unit. */
import { formatBytes, formatNumber } from '../../output/units.ts';

/** Values of the argument `metric`. */
export const METRICS = [
  'cpu',
  'load',
  'memory',
  'arc',
  'disk',
  'network',
  'cpu_temperature',
  'disk_temperature',
  'pool',
] as const;
export type Metric = (typeof METRICS)[number];

/** One kind of measurement. */
export interface MetricKind {
  /** TrueNAS's name of the graph; a pattern where it differs by release, or is not there on all. */
  readonly graph: string | RegExp;
  /** True when there is one series per disk or interface. */
  readonly hasIdentifiers: boolean;
  readonly unit: string;
  format(value: number): string;
  /** The value in `unit`, from what the graph has. */
  convert(value: number): number;
  /** True when a zero means "not measured". */
  readonly zeroIsNothing?: boolean;
  /** True when the lowest value is the worst: of what is left. */
  readonly isWorstLow?: boolean;
  /** Better names of series than the graph's own. */
  readonly titles?: Readonly<Record<string, string>>;
}

const same = (value: number): number => value;
const percent = (value: number): string => `${formatNumber(value)} %`;
const number = { unit: '', format: formatNumber, convert: same };

export const METRIC_KINDS: Readonly<Record<Metric, MetricKind>> = {
  cpu: { graph: 'cpu', hasIdentifiers: false, unit: '%', format: percent, convert: same },
  load: {
    ...number,
    graph: 'load',
    hasIdentifiers: false,
    titles: { shortterm: 'over 1 min', midterm: 'over 5 min', longterm: 'over 15 min' },
  },
  memory: {
    graph: 'memory',
    hasIdentifiers: false,
    unit: 'bytes',
    format: formatBytes,
    convert: same,
    isWorstLow: true,
  },
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
    titles: { temperature_value: '' },
  },
  // No release up to 28 offers such a graph to its API; one that does is found by its name, and measures in what it says.
  pool: { ...number, graph: /pool/iu, hasIdentifiers: true },
};

/** The kind with the unit that a graph says it has; one that is known already stays. */
export function inUnitOf(kind: MetricKind, label: string | null): MetricKind {
  if (kind.unit !== '' || label === null) return kind;
  if (/^bytes$/iu.test(label)) return { ...kind, unit: 'bytes', format: formatBytes };
  if (/%|percent/iu.test(label)) return { ...kind, unit: '%', format: percent };
  return kind;
}

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
