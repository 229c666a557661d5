/** Traps that the schemas do not tell: only those that were seen in the server's code or its protocol. */
import type { ApiMethod } from '../../truenas/catalog/index.ts';

interface Caveat {
  readonly appliesTo: (method: ApiMethod) => boolean;
  readonly text: string;
}

const named =
  (...names: readonly string[]) =>
  (method: ApiMethod): boolean =>
    names.includes(method.name);

const CAVEATS: readonly Caveat[] = [
  {
    appliesTo: (method) => method.isFilterable,
    text: 'sort by one plain column, the methods disagree on several; stay with = != in nin ^ $ < >, the other operators differ; a field that a row lacks matches nothing',
  },
  {
    appliesTo: named('pool.dataset.query'),
    text: 'count ignores filters on 25.10 and later: list_datasets counts right',
  },
  {
    appliesTo: named('app.query', 'virt.instance.query'),
    text: 'an empty answer may mean that the service behind it does not run: see docker.status or virt.global.config',
  },
  {
    appliesTo: named('sharing.smb.update'),
    text: '"options" and "audit" are replaced as a whole, not merged: send all of them',
  },
  {
    appliesTo: (method) => method.name === 'update.update' && !method.isJob,
    text: 'saves the update settings; up to 25.04 the same name installs the update',
  },
  { appliesTo: (method) => method.name === 'update.update' && method.isJob, text: 'installs the update' },
  {
    appliesTo: named('core.get_jobs'),
    text: 'shows only jobs this user may see; ids start again at 1 when the NAS restarts its service',
  },
  {
    appliesTo: named('service.control', 'service.start', 'service.stop', 'service.restart'),
    text: 'lasts until the next boot; whether a service starts at boot is "enable" of service.update',
  },
];

/** The caveats of a method; usually none. */
export function caveatsOf(method: ApiMethod): string[] {
  return CAVEATS.filter((caveat) => caveat.appliesTo(method)).map((caveat) => caveat.text);
}
