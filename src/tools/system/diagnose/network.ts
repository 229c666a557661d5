/** Why the NAS is not reached, or does not reach others: links, addresses, gateway, nameservers. */
import { type InterfaceFacts, judgeNetwork } from '../../../findings/network.ts';
import { plural } from '../../../output/units.ts';
import { safeCell } from '../../../output/untrusted.ts';
import type { ReadClient } from '../../../truenas/client.ts';
import { query } from '../../../truenas/query.ts';
import { gapText, readPart, valueOr } from '../../support/part.ts';
import { field, objectOf, type RowOf, rowsOf } from '../../support/rows.ts';
import { noneCalled } from './named.ts';
import { some, type Subject } from './subject.ts';

const ALIASES = field.objects({ type: field.text, address: field.text, netmask: field.integer });
const INTERFACE = {
  name: field.text,
  type: field.text,
  ipv4_dhcp: field.flag,
  aliases: ALIASES,
  state: field.object({ link_state: field.text, active_media_subtype: field.text, aliases: ALIASES }),
  bridge_members: field.texts,
  lag_ports: field.texts,
  vlan_parent_interface: field.text,
};
type Interface = RowOf<typeof INTERFACE>;

const SUMMARY = { default_routes: field.texts, nameservers: field.texts };

export const network: Subject = {
  uses: ['interface.query', 'network.general.summary'],
  isNameOptional: true,
  async diagnose({ nas }, name) {
    const [rows, summary] = await Promise.all([
      interfacesOf(nas),
      readPart(nas, async (limited) => objectOf(await limited.call('network.general.summary', []), SUMMARY)),
    ]);
    const carrying = new Set(
      rows.flatMap((row) => [
        ...(row.bridge_members ?? []),
        ...(row.lag_ports ?? []),
        ...(row.vlan_parent_interface === null ? [] : [row.vlan_parent_interface]),
      ]),
    );
    const wanted = name.trim().toLowerCase();
    const meant = wanted === '' ? rows : rows.filter((row) => row.name?.toLowerCase() === wanted);
    if (wanted !== '' && meant.length === 0)
      throw noneCalled(
        'interface',
        name,
        rows.map((row) => row.name),
      );
    const facts = rows.map((row) => factsOf(row, carrying));
    const routes = valueOr(summary, undefined);
    const own = wanted === '' ? undefined : safeCell(meant[0]?.name ?? '-', 40);
    const found = judgeNetwork({
      interfaces: facts,
      gateways: routes?.default_routes ?? undefined,
      nameservers: routes?.nameservers ?? undefined,
    });
    return {
      headline: own === undefined ? plural(rows.length, 'interface') : `interface ${own}`,
      findings:
        own === undefined
          ? found
          : found.filter(
              ({ about }) =>
                about.split(' and ').includes(own) ||
                (!about.includes(' and ') && !facts.some((each) => each.name === about)),
            ),
      unjudged: [
        ...some(gapText(summary) && `gateway and nameservers ${gapText(summary)}`),
        ...some(routes !== undefined && routes.default_routes === null && 'default gateway'),
        ...some(routes !== undefined && routes.nameservers === null && 'nameservers'),
        ...meant.flatMap(unknownOf).slice(0, 6),
      ],
      lines: [
        ...meant.slice(0, 8).map((row) => lineOf(row, factsOf(row, carrying))),
        ...some(
          routes !== undefined &&
            `gateway: ${listText(routes.default_routes)}; nameservers: ${listText(routes.nameservers)}`,
        ),
        'Not seen from here: the switch, a firewall, and whether another machine uses the same address (on a PC: arp -a).',
      ],
    };
  },
};

async function interfacesOf(nas: ReadClient): Promise<Interface[]> {
  return rowsOf(await nas.call('interface.query', query({ select: Object.keys(INTERFACE) })), INTERFACE);
}

function factsOf(row: Interface, carrying: ReadonlySet<string>): InterfaceFacts {
  const link = row.state?.link_state ?? null;
  const addresses = addressesOf(row);
  return {
    name: safeCell(row.name ?? '-', 40),
    link: link === 'LINK_STATE_UP' ? 'up' : link === 'LINK_STATE_DOWN' ? 'down' : null,
    isUsed: addresses.length > 0 || row.ipv4_dhcp === true || (row.name !== null && carrying.has(row.name)),
    addresses,
    isCarrier: row.name !== null && carrying.has(row.name),
    wantsDhcp: row.ipv4_dhcp === true && row.state?.aliases !== null && row.state !== null,
  };
}

/** Addresses of IPv4 that it has, and those that it is set to. */
function addressesOf({ aliases, state }: Interface): string[] {
  const all = [...(state?.aliases ?? []), ...(aliases ?? [])];
  const texts = all.flatMap(({ type, address, netmask }) =>
    type === 'INET' && address !== null ? [`${safeCell(address, 50)}/${netmask ?? 32}`] : [],
  );
  return [...new Set(texts)];
}

/** Facts of an interface that decide and could not be read. */
function unknownOf({ name, state, aliases }: Interface): string[] {
  const called = safeCell(name ?? 'an interface', 40);
  return [
    ...some(name === null && 'name of an interface'),
    ...some(
      (state === null || !/^LINK_STATE_(?:UP|DOWN)$/u.test(state.link_state ?? '')) && `link of ${called}`,
    ),
    ...some((state?.aliases ?? aliases) === null && `addresses of ${called}`),
  ];
}

function lineOf({ state, type }: Interface, { name, link, addresses }: InterfaceFacts): string {
  const speed = state?.active_media_subtype ? `, ${safeCell(state.active_media_subtype, 40)}` : '';
  return `${name} (${safeCell(type ?? 'type unknown', 20)}): link ${link ?? 'not known'}${speed}, ${addresses.join(', ') || 'no IPv4 address'}`;
}

function listText(list: readonly string[] | null): string {
  if (list === null) return 'not known';
  return list.length === 0
    ? 'none'
    : list
        .slice(0, 4)
        .map((item) => safeCell(item, 50))
        .join(', ');
}
