/** The services of the NAS and whether they run. */
import type { SimRelease } from '../releases.ts';
import type { Random } from './random.ts';

/** One service. */
export interface Service {
  readonly id: number;
  readonly service: string;
  enable: boolean;
  isRunning: boolean;
  pids: number[];
}

type Spec = readonly [name: string, enable: boolean, isRunning: boolean, releases?: readonly SimRelease[]];

const SPECS: readonly Spec[] = [
  ['cifs', true, true],
  ['ftp', false, false],
  ['iscsitarget', true, true],
  ['nfs', true, true],
  ['snmp', true, true],
  ['ssh', true, true],
  ['ups', true, false],
  ['smartd', true, true, ['25.04']],
  ['nvmet', true, true, ['25.10', '27.0']],
  ['webshare', false, false, ['27.0']],
  ['s3', true, true, ['27.0']],
];

/** Which services are enabled, and which run, of those that are otherwise than in the mixed world. */
export type ServicePlan = Readonly<Record<string, readonly [enable: boolean, isRunning: boolean]>>;

/** The services of a release. In the mixed world `ups` is enabled but does not run, which is worth a question. */
export function createServices(random: Random, release: SimRelease, plan: ServicePlan): Service[] {
  return SPECS.filter(([, , , releases]) => releases === undefined || releases.includes(release)).map(
    ([service, usuallyEnabled, usuallyRuns], index) => {
      const [enable, isRunning] = plan[service] ?? [usuallyEnabled, usuallyRuns];
      return {
        ...{ id: index + 4, service, enable, isRunning },
        pids: isRunning ? freshPids(random, service) : [],
      };
    },
  );
}

/** Process ids for a service that starts; those inside the kernel have none. */
export function freshPids(random: Random, service: string): number[] {
  return service === 'nvmet' || service === 'iscsitarget' ? [] : [random.int(1_500, 60_000)];
}
