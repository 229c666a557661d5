/** Why a NAS started anew: what points to an order, and what to power, hardware or the kernel. */
import type { Finding, FindingKind } from './finding.ts';

/** An order to reboot or to shut down. */
export interface PowerOrder {
  readonly action: 'reboot' | 'shutdown';
  /** Who, from where, when and why; safe text. */
  readonly text: string;
}

/** The last start, as far as its cause goes. Undefined is not known. */
export interface RebootFacts {
  /** When; safe text. */
  readonly boot: string;
  /** The order that led to it; null where the whole log of the time before holds none. */
  readonly order: PowerOrder | null | undefined;
  /** The NAS's own alert that it was not shut down in order; safe text. */
  readonly unscheduled: string | undefined;
  /** Alerts of the UPS, of the other controller and of the hardware from just before; safe text. */
  readonly power: readonly string[];
  readonly failover: readonly string[];
  readonly hardware: readonly string[];
  /** Alerts about dumps of programs or of the kernel; safe text. */
  readonly dumps: readonly string[];
  /** A version that was installed shortly before and runs now; safe text. */
  readonly newVersion: string | undefined;
  /** False where no UPS service runs. */
  readonly hasUps: boolean | undefined;
  /** Why it has to start once more; safe text. */
  readonly waiting: readonly string[];
}

const ORDERED: FindingKind = {
  id: 'reboot.ordered',
  level: 'NOTE',
  what: 'a reboot was ordered',
  means: 'Somebody, or a program of theirs, told the NAS to start anew.',
  certainty: 'sure',
  seeAlso: 'recent_changes shows what else was done',
};
const SHUT_DOWN: FindingKind = {
  id: 'reboot.shut_down',
  level: 'NOTE',
  what: 'a shutdown was ordered, and later it was switched on',
  means: 'It went down in order; power on came by hand, by the board or with the power.',
  certainty: 'sure',
  seeAlso: 'recent_changes shows what else was done',
};
const UPDATED: FindingKind = {
  id: 'reboot.updated',
  level: 'NOTE',
  what: 'a version was installed just before',
  means: 'An update takes effect with a reboot.',
  certainty: 'likely',
  seeAlso: 'list_items of boot environments',
};
const UNSCHEDULED: FindingKind = {
  id: 'reboot.unscheduled',
  level: 'WARNING',
  what: 'not shut down in order',
  means: 'Power, the reset button, the watchdog, hardware or the kernel: what was not written yet is lost.',
  certainty: 'sure',
  seeAlso:
    'check power and the event log of the board (BMC), get_metrics of cpu_temperature before it, and /var/log/messages of that minute',
};
const UNEXPLAINED: FindingKind = {
  id: 'reboot.unexplained',
  level: 'WARNING',
  what: 'no order to start anew in the audit log',
  means: 'Power, the reset button, the watchdog, hardware, the kernel, or a command in a shell of the NAS.',
  certainty: 'likely',
  seeAlso: 'check power and the event log of the board (BMC), and /var/log/messages of that minute',
};
const POWER: FindingKind = {
  id: 'reboot.power',
  level: 'WARNING',
  what: 'the UPS had trouble just before',
  means: 'The power failed, and the NAS went down in order or when the battery was empty.',
  certainty: 'likely',
  seeAlso: 'list_alerts; age and load of the battery',
};
const FAILOVER: FindingKind = {
  id: 'reboot.failover',
  level: 'WARNING',
  what: 'the controllers changed over',
  means: 'A controller that must not go on is restarted by force, so that two never write to one pool.',
  certainty: 'likely',
  seeAlso: 'list_items of failover',
};
const HARDWARE: FindingKind = {
  id: 'reboot.hardware',
  level: 'WARNING',
  what: 'the board noted something just before',
  means: 'Sensors and the event log of the board outlive the system that crashed.',
  certainty: 'likely',
  seeAlso: 'list_alerts; the event log of the board (BMC)',
};
const DUMPED: FindingKind = {
  id: 'reboot.core_dumps',
  level: 'WARNING',
  what: 'core dumps are there',
  means: 'A program or the kernel crashed; whether that was it shows the time of the dump.',
  certainty: 'likely',
  seeAlso: 'System > Advanced > Save Debug, for a ticket',
};
const NO_UPS: FindingKind = {
  id: 'reboot.no_ups',
  level: 'NOTE',
  what: 'no UPS is watched',
  means: 'When the power fails, the NAS just stops, and nothing on it can tell that from another cause.',
  certainty: 'sure',
  seeAlso: 'Services > UPS',
};
const WAITING: FindingKind = {
  id: 'reboot.waiting',
  level: 'NOTE',
  what: 'another reboot is due',
  means: 'Something takes effect with the next start only.',
  certainty: 'sure',
  seeAlso: 'reboot_system, at a time that suits',
};

/** Every kind of finding here. */
export const REBOOT_KINDS: readonly FindingKind[] = [
  UNSCHEDULED,
  POWER,
  FAILOVER,
  HARDWARE,
  UNEXPLAINED,
  DUMPED,
  ORDERED,
  SHUT_DOWN,
  UPDATED,
  NO_UPS,
  WAITING,
];

/** Findings about the last start, the surest first within a level. */
export function judgeReboot(facts: RebootFacts): Finding[] {
  const { order, unscheduled, power, failover, hardware, dumps, newVersion, hasUps, waiting } = facts;
  const about = facts.boot;
  const isUnexplained =
    order === null &&
    unscheduled === undefined &&
    newVersion === undefined &&
    power.length + failover.length === 0;
  const isHard = unscheduled !== undefined || isUnexplained;
  const found: (Finding | false)[] = [
    unscheduled !== undefined && { kind: UNSCHEDULED, about, evidence: unscheduled },
    ...power.map((evidence) => ({ kind: POWER, about, evidence })),
    ...failover.map((evidence) => ({ kind: FAILOVER, about, evidence })),
    ...hardware.map((evidence) => ({ kind: HARDWARE, about, evidence })),
    isUnexplained && { kind: UNEXPLAINED, about },
    ...dumps.map((evidence) => ({ kind: DUMPED, about, evidence })),
    order !== null &&
      order !== undefined && {
        kind: order.action === 'reboot' ? ORDERED : SHUT_DOWN,
        about,
        evidence: order.text,
      },
    newVersion !== undefined && { kind: UPDATED, about, evidence: newVersion },
    isHard && hasUps === false && { kind: NO_UPS, about: 'the NAS' },
    ...waiting.map((evidence) => ({ kind: WAITING, about: 'the NAS', evidence })),
  ];
  return found.filter((finding) => finding !== false);
}
