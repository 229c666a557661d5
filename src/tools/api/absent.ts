/** Things that a question names and this NAS has no methods for: better said than answered with something that sounds alike. */
import type { CatalogListing } from '../../truenas/catalog/index.ts';
import { isKnownNamespace } from './also-called.ts';
import { namesMeant, wordsOf } from './words.ts';

/** A line for each such thing; none while namespaces are still unread. */
export function absentNotes(query: string, { methods, unread }: CatalogListing): string[] {
  if (unread.length > 0) return [];
  const has = (namespace: string) => methods.some(({ name }) => name.startsWith(`${namespace}.`));
  const words = [...wordsOf(query.replace(/\bs\.m\.a\.r\.t\b/giu, 'smart')), ...namesMeant(query)];
  const named = new Set(words.filter((word) => isKnownNamespace(word) && !has(word)));
  return [...named].map((namespace) => {
    const why = Object.hasOwn(GONE, namespace)
      ? GONE[namespace]
      : `this user, or this release, has no ${namespace}.* methods`;
    return `nothing about ${namespace} on this NAS: ${why}`;
  });
}

/** Namespaces that a release dropped, and what is there instead (PROTOCOL section 12). */
const GONE: Readonly<Record<string, string>> = {
  activedirectory: '25.10 and later have directoryservices.* instead',
  certificateauthority: '25.10 and later keep no certificate authorities',
  container: 'up to 25.10 containers are virt.instance.*; those of apps are app.*',
  idmap: '25.10 and later have directoryservices.* instead',
  ldap: '25.10 and later have directoryservices.* instead',
  smart:
    '25.10 and later have no S.M.A.R.T. methods; disk.temperatures and alert.list tell what they still know of disks',
  virt: '27 and later have container.* instead',
};
