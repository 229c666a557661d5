import type { ReadClient } from '../../../truenas/client.ts';
import { roleOf } from '../../../policy/roles.ts';
import { isTrueNasError, TrueNasError } from '../../../truenas/errors.ts';
import { field, isObject, oddAnswer, rawRowsOf, recordOf } from '../../support/rows.ts';
import { defineKind, type KindRow } from '../kind.ts';

const ROW = {
  name: field.text,
  os: field.text,
  release: field.text,
  variant: field.text,
  archs: field.texts,
  versions: field.objects({ version: field.text }),
};
type Row = KindRow<typeof ROW>;

/** Images of the registry that containers are made of. The NAS asks the internet for them each time. */
export const containerImage = defineKind({
  name: 'container_image',
  toolset: 'virtualization',
  noun: 'images for containers',
  about: 'what a new LXC container or instance can be made of: system, release, architecture, variant',
  words: ['lxc image', 'incus image', 'instance image', 'container template', 'image choice'],
  reachesOutside: true,
  sources: [
    { uses: ['container.image.query_registry'], read: registryImages },
    { uses: ['virt.instance.image_choices'], read: imageChoices },
  ],
  row: ROW,
  columns: {
    name: { type: 'text', from: 'name', isKey: true, sort: 'asc' },
    os: { type: 'text', value: ({ os }: Row) => os },
    release: { type: 'text', value: ({ release }: Row) => release },
    variant: { type: 'text', value: ({ variant }: Row) => variant },
    archs: { type: 'texts', value: ({ archs }: Row) => archs },
    // A container of 26 on is made of an image in a version.
    version: { type: 'text', value: ({ versions }: Row) => newest(versions) },
    versions: {
      type: 'texts',
      value: ({ versions }: Row) => versions?.map(({ version }) => version ?? '?'),
      isOnDemand: true,
    },
    makes: { type: 'texts', from: 'instance_types', isOnDemand: true },
    secure_boot: { type: 'flag', from: 'secureboot', isOnDemand: true },
  },
  named: 'name',
  hides: ['label'],
  examples: [
    { args: { name: 'debian*' }, why: 'the images of one system' },
    {
      args: { filter: ['archs=amd64', 'variant=cloud'], fields: ['versions', 'makes', 'secure_boot'] },
      why: 'those for one processor in one variant',
    },
  ],
  getExamples: [{ args: { id: 'no-such-image' }, why: 'a name that is none' }],
});

/**
 * 26 and later.
 * @throws TrueNasError (`not-authorized`) for a key that only reads, before 28
 */
async function registryImages(nas: ReadClient): Promise<Record<string, unknown>[]> {
  try {
    return rawRowsOf(await nas.call(REGISTRY)).map(withParts);
  } catch (error) {
    if (!isTrueNasError(error, 'not-authorized')) throw error;
    throw new TrueNasError('not-authorized', {
      summary: `Before 28, TrueNAS tells the images for containers only to keys with the role ${roleOf(REGISTRY)}, and this one has not.`,
      nextStep:
        'See them in the web interface: Containers, Create New Container. The role grants nothing but this list: give it to the user of this API key if they should be told here.',
      method: REGISTRY,
    });
  }
}

const REGISTRY = 'container.image.query_registry';

/** 26 and later tell no more than a name: `debian:bookworm:amd64:default`. */
function withParts(raw: Record<string, unknown>): Record<string, unknown> {
  const parts = (field.text(raw['name']) ?? '').split(':');
  if (parts.length !== PARTS) return raw;
  const [os, release, arch, variant] = parts;
  return { ...raw, os, release, archs: [arch], variant };
}

const PARTS = 4;

/** Up to 25.10: by the name that an instance is made with. */
async function imageChoices(nas: ReadClient): Promise<Record<string, unknown>[]> {
  const answer = await nas.call('virt.instance.image_choices');
  const choices = Object.entries(recordOf(answer));
  // The registry has hundreds: none is an answer of another form.
  if (choices.length === 0) throw oddAnswer(answer, 'images by their name');
  return choices.map(([name, choice]) => ({ ...(isObject(choice) ? choice : {}), name }));
}

/** Versions are named by their day: `20260301_05:24`. Null where one is named otherwise. */
function newest(versions: Row['versions']): string | null {
  const names = versions?.map(({ version }) => version ?? '') ?? [];
  return names.every((name) => /^\d{8}_/u.test(name)) ? (names.toSorted().at(-1) ?? null) : null;
}
