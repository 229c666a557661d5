/** Apps and images do not show while Docker is down: "none" would then not be true. */
import type { ReadClient } from '../../../truenas/client.ts';
import { safeCell } from '../../../output/untrusted.ts';
import { gapText, readPart } from '../../support/part.ts';
import { field, objectOf } from '../../support/rows.ts';

/** For a list without rows: whether the NAS shows any at all. */
export const notesWithoutApps = {
  uses: ['docker.status'],
  async notes(nas: ReadClient): Promise<string[]> {
    const part = await readPart(nas, async (limited) =>
      objectOf(await limited.call('docker.status'), { status: field.text, description: field.text }),
    );
    const why = gapText(part);
    if (why !== undefined) return [`(whether Docker runs ${why}: apps do not show without it)`];
    if (!('value' in part) || part.value.status === 'RUNNING') return [];
    const { status, description } = part.value;
    const said = [status ?? 'in an unknown state', description ?? '']
      .filter((text) => text !== '')
      .join(', ');
    return [`(Docker is ${safeCell(said, 160)}: apps and images do not show until it runs)`];
  },
} as const;
