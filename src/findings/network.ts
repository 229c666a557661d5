/** Interfaces, addresses and names: whether the NAS is reached, and reaches others. */
import type { Finding, FindingKind } from './finding.ts';

/** An interface; null is not known. */
export interface InterfaceFacts {
  /** Safe text. */
  readonly name: string;
  readonly link: 'up' | 'down' | null;
  /** It has an address, or is meant to get one, or carries another interface. */
  readonly isUsed: boolean;
  /** Of IPv4, set or got: `192.0.2.10/24`. */
  readonly addresses: readonly string[];
  readonly wantsDhcp: boolean;
  /** It carries a bond, bridge or VLAN: CORE shows the address of these at it as well. */
  readonly isCarrier: boolean;
}

/** The network; undefined is not known. */
export interface NetworkFacts {
  readonly interfaces: readonly InterfaceFacts[];
  readonly gateways: readonly string[] | undefined;
  readonly nameservers: readonly string[] | undefined;
}

const LINK_DOWN: FindingKind = {
  id: 'network.link_down',
  level: 'CRITICAL',
  what: 'no link on an interface that is used',
  means: 'Cable, switch port or module: nothing goes through it.',
  certainty: 'sure',
  seeAlso: 'check cable and switch port; with another cable and port first',
};
const DUPLICATE: FindingKind = {
  id: 'network.duplicate',
  level: 'WARNING',
  what: 'two interfaces in one network',
  means: 'Linux answers for both on either: connections break or go the slow way.',
  certainty: 'likely',
  seeAlso: 'give one of them another network, or make a bond or bridge of them: Network > Interfaces',
};
const NO_ADDRESS: FindingKind = {
  id: 'network.no_address',
  level: 'CRITICAL',
  what: 'no address from DHCP',
  means: 'No DHCP server answered: the NAS is not reached there.',
  certainty: 'sure',
  seeAlso: 'check the DHCP server and the VLAN of the switch port, or set a fixed address',
};
const NO_GATEWAY: FindingKind = {
  id: 'network.no_gateway',
  level: 'WARNING',
  what: 'no default gateway',
  means: 'Nothing outside its own networks is reached: no updates, apps, mail or cloud.',
  certainty: 'sure',
  seeAlso: 'Network > Global Configuration > Default Gateway',
};
const NO_DNS: FindingKind = {
  id: 'network.no_dns',
  level: 'WARNING',
  what: 'no nameserver',
  means: 'Names are not resolved: updates, apps, mail, cloud and domains fail.',
  certainty: 'sure',
  seeAlso: 'Network > Global Configuration > Nameservers',
};

/** Every kind of finding here. */
export const NETWORK_KINDS: readonly FindingKind[] = [LINK_DOWN, NO_ADDRESS, DUPLICATE, NO_GATEWAY, NO_DNS];

/** Findings about the network. */
export function judgeNetwork({ interfaces, gateways, nameservers }: NetworkFacts): Finding[] {
  return [
    ...interfaces.flatMap(judgeInterface),
    ...duplicates(interfaces),
    ...(gateways?.length === 0 ? [{ kind: NO_GATEWAY, about: 'routes' }] : []),
    ...(nameservers?.length === 0 ? [{ kind: NO_DNS, about: 'DNS' }] : []),
  ];
}

function judgeInterface({ name, link, isUsed, addresses, wantsDhcp }: InterfaceFacts): Finding[] {
  if (link === 'down' && isUsed)
    return [{ kind: LINK_DOWN, about: name, ...(addresses[0] ? { evidence: addresses.join(', ') } : {}) }];
  return wantsDhcp && addresses.length === 0 ? [{ kind: NO_ADDRESS, about: name }] : [];
}

function duplicates(interfaces: readonly InterfaceFacts[]): Finding[] {
  const all = interfaces.flatMap(({ name, addresses, isCarrier }) =>
    addresses.flatMap((address) => {
      const network = networkOf(address);
      return network === undefined ? [] : [{ name, address, network, isCarrier }];
    }),
  );
  return all.flatMap((one, index) => {
    const other = all.slice(0, index).find((each) => {
      const isSame = each.address === one.address && (each.isCarrier || one.isCarrier);
      return each.network === one.network && each.name !== one.name && !isSame;
    });
    if (other === undefined) return [];
    const evidence = `${other.address} and ${one.address}`;
    return [{ kind: DUPLICATE, about: `${other.name} and ${one.name}`, evidence }];
  });
}

/** `192.0.2.0/24` as a number and its length; undefined for what is no IPv4 network. */
function networkOf(address: string): string | undefined {
  const [, a, b, c, d, bits] = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/u.exec(address) ?? [];
  if (a === undefined || bits === undefined) return undefined;
  const host = 2 ** (32 - Number(bits));
  const value = ((Number(a) * 256 + Number(b)) * 256 + Number(c)) * 256 + Number(d);
  return `${Math.floor(value / host)}/${bits}`;
}
