/** An interface of the network as `update_interface` sees it: what is to be other than it is, and what forbids that. */
import { isIP } from 'node:net';
import { didYouMean, nearNames } from '../../output/near-names.ts';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';
import { valueOr, type Part } from '../support/part.ts';
import { field, type RowOf } from '../support/rows.ts';

const ALIAS = { type: field.rawText, address: field.rawText, netmask: field.unknown };

/** Fields of a row of `interface.query`. */
export const LINK = {
  name: field.rawText,
  ipv4_dhcp: field.flag,
  ipv6_auto: field.flag,
  description: field.text,
  mtu: field.number,
  aliases: field.list(ALIAS),
  /** It is set, and not there. */
  fake: field.flag,
  state: field.object({ aliases: field.list(ALIAS), mtu: field.number }),
};
export type Link = RowOf<typeof LINK> & { readonly name: string };
type Alias = RowOf<typeof ALIAS>;

/** Fields that are to have another value, in the form of the rows of this NAS. */
export interface LinkFields {
  readonly aliases?: readonly Alias[];
  readonly ipv4_dhcp?: boolean | null;
  readonly mtu?: number | null;
  readonly description?: string | null;
}

/** @throws InputProblem when no interface is called so, naming near ones */
export function linkNamed(links: readonly RowOf<typeof LINK>[], wanted: string): Link {
  const found = links.find(({ name }) => name === wanted.trim());
  if (found?.name !== undefined && found.name !== null) return { ...found, name: found.name };
  const names = links.flatMap(({ name }) => name ?? []);
  throw new InputProblem(
    'interface',
    `no interface is called ${safeCell(wanted)}`,
    didYouMean(nearNames(wanted, names)) ?? `There is ${names.map((name) => safeCell(name, 40)).join(', ')}.`,
  );
}

/**
 * A commit puts every prepared change into effect, also one that somebody else left in the web interface.
 * @throws InputProblem where an interface runs otherwise than it is set
 */
export function checkNothingPending(links: readonly RowOf<typeof LINK>[]): void {
  const pending = links.find((link) => link.fake === true || runsOtherwise(link));
  if (pending === undefined) return;
  throw new InputProblem(
    'interface',
    `cannot be changed now: ${safeCell(pending.name ?? '?', 40)} is set otherwise than it runs, so somebody has prepared a change of the network, and this would put it into effect`,
    'Keep or discard that change in the web interface, under Network.',
  );
}

function runsOtherwise({
  aliases,
  state,
  mtu,
  ipv4_dhcp: dhcp,
  ipv6_auto: auto,
}: RowOf<typeof LINK>): boolean {
  if (state === null) return false;
  if (mtu !== null && state.mtu !== null && mtu !== state.mtu) return true;
  // Addresses that a router or a DHCP server gives are set nowhere.
  if (dhcp !== false || auto !== false) return false;
  const running = state.aliases.map(({ address }) => address);
  return aliases.some(({ address }) => !running.includes(address));
}

interface Wanted {
  readonly addresses?: readonly string[] | undefined;
  readonly dhcp?: boolean | undefined;
  readonly mtu?: number | undefined;
  readonly description?: string | undefined;
}

/** What is to be other than it is, as the rows of this NAS tell it. @throws InputProblem when nothing is */
export function fieldsOf(link: Link, links: readonly RowOf<typeof LINK>[], wanted: Wanted): LinkFields {
  const { addresses, mtu, description } = wanted;
  const dhcp = wanted.dhcp ?? (addresses !== undefined && addresses.length > 0 ? false : undefined);
  if (dhcp === true && addresses !== undefined && addresses.length > 0)
    throw new InputProblem('dhcp', 'does not go with addresses', 'Give one of the two.');
  const isText = links.some(({ aliases }) => aliases.some(({ netmask }) => typeof netmask === 'string'));
  const aliases = dhcp === true ? [] : addresses?.map((text) => aliasOf(text, isText));
  const present = link.aliases.map(aliasKey).join(' ');
  const fields = {
    ...(aliases === undefined || aliases.map(aliasKey).join(' ') === present ? {} : { aliases }),
    ...(dhcp === undefined || dhcp === link.ipv4_dhcp ? {} : { ipv4_dhcp: dhcp }),
    ...(mtu === undefined || mtu === link.mtu ? {} : { mtu }),
    ...(description === undefined || description === link.description ? {} : { description }),
  };
  if (Object.keys(fields).length === 0)
    throw new InputProblem('interface', `${safeCell(link.name, 40)} is so already`);
  return fields;
}

/** @param isText 25.04 tells netmasks as texts */
function aliasOf(text: string, isText: boolean) {
  const [address = '', bits = ''] = text.trim().split('/');
  const version = isIP(address);
  const netmask = Number(bits);
  const isMask = /^\d{1,3}$/u.test(bits) && netmask > 0 && netmask <= (version === 6 ? 128 : 32);
  if (version === 0 || !isMask)
    throw new InputProblem(
      'addresses',
      `hold ${safeCell(text, 60)}, which is no address with the length of its network`,
      'Write 192.0.2.20/24.',
    );
  return { type: version === 6 ? 'INET6' : 'INET', address, netmask: isText ? bits : netmask };
}

/** `192.0.2.20/24`. */
export function aliasKey({
  address,
  netmask,
}: {
  readonly address: string | null;
  readonly netmask: unknown;
}): string {
  return `${address ?? '?'}/${String(netmask)}`;
}

/** The fields as they were. */
export function presentFields(link: Link, fields: LinkFields): LinkFields {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, link[name as keyof LinkFields]]));
}

/** What the NAS takes: netmasks are numbers there on every release. */
export function sentFields({ aliases, ...rest }: LinkFields): Readonly<Record<string, unknown>> {
  if (aliases === undefined) return rest;
  return { ...rest, aliases: aliases.map((alias) => ({ ...alias, netmask: Number(alias.netmask) })) };
}

/** @throws InputProblem for a change that takes away the address by which this server comes: it could never be kept */
export function checkStaysReachable(
  { state }: Link,
  { aliases, ipv4_dhcp: dhcp }: LinkFields,
  own: Part<string>,
): void {
  const address = valueOr(own, undefined);
  const isHere = address !== undefined && state?.aliases.some((alias) => alias.address === address) === true;
  if (!isHere || (aliases === undefined && dhcp === undefined)) return;
  if (aliases?.some((alias) => alias.address === address) === true) return;
  throw new InputProblem(
    'addresses',
    `leave out ${address}, by which this server reaches the NAS: nobody could check in, and the NAS would take the change back`,
    `Keep ${address} beside the new address, let this server and everybody else use the new one, and then take the old one away.`,
  );
}
