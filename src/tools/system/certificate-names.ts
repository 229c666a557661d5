/** Names that a public authority is asked to vouch for: in one form, and refused here where it would refuse them minutes later. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { InputProblem } from '../../output/problem.ts';
import { safeCell } from '../../output/untrusted.ts';

/**
 * The names in small letters, each once, in the order in which the authority puts them.
 * @throws InputProblem for one that no public authority vouches for
 */
export function certificateNames(given: readonly string[]): string[] {
  const names = [...new Set(given.map(nameOf))].sort();
  for (const name of names) {
    const above = `*.${name.slice(name.indexOf('.') + 1)}`;
    if (!name.startsWith('*.') && names.includes(above))
      throw problem(name, `is covered by ${above}, and Let's Encrypt takes only one of them`);
  }
  return names;
}

function nameOf(given: string): string {
  const text = given.trim().toLowerCase().replace(/\.$/u, '');
  const isWildcard = text.startsWith('*.');
  const rest = isWildcard ? text.slice(2) : text;
  if (isIP(rest) !== 0) throw problem(given, 'is an address: a DNS record proves names only');
  const name = domainToASCII(rest);
  if (name === '' || name.length > 253 || !name.split('.').every((label) => LABEL.test(label)))
    throw problem(given, 'is no name of a host');
  const end = name.slice(name.lastIndexOf('.') + 1);
  if (!name.includes('.') || PRIVATE_ENDS.has(end) || name.endsWith('.home.arpa'))
    throw problem(
      given,
      'is a name of a private network, and no public authority vouches for one',
      'Use a name below a domain that you own; it need not lead anywhere from outside.',
    );
  return isWildcard ? `*.${name}` : name;
}

const LABEL = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/u;
const PRIVATE_ENDS: ReadonlySet<string> = new Set(
  'local localhost localdomain lan home internal intranet corp private invalid test example onion'.split(' '),
);

function problem(name: string, why: string, next?: string): InputProblem {
  return new InputProblem('domains', `hold ${safeCell(name, 80)}, which ${why}`, next);
}
