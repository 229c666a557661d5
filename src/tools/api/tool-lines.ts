/** The tools that a search found, as text and data. */
import { tableLines } from '../../output/table.ts';
import type { Findable } from '../support/findable.ts';

/** Tools to call, with their arguments where no list shows them; then, in one line, those that this server leaves out. */
export function toolLines(tools: readonly Findable[]): string[] {
  const offered = tools.filter(({ needs }) => needs === undefined);
  const others = tools.filter(({ needs }) => needs !== undefined);
  return [
    ...(offered.length === 0
      ? []
      : [
          'tools for it, before any API method:',
          ...tableLines(
            ['tool', 'access', 'call'],
            offered.map(({ name, access, call }) => [name, access, call === name ? 'by its name' : call]),
          ),
          ...offered.flatMap(({ name, takes }) =>
            takes === undefined ? [] : [`${name} takes: ${takes === '' ? 'no arguments' : takes}`],
          ),
        ]),
    ...(others.length === 0
      ? []
      : [
          `not offered as this server is set up: ${others.map(({ name, needs }) => `${name} (${needs})`).join(', ')}`,
        ]),
  ];
}

/** The same as data. */
export function toolData({ name, access, call, takes, needs }: Findable) {
  return {
    name,
    access,
    ...(needs === undefined ? { call } : { needs }),
    ...(takes === undefined ? {} : { takes }),
  };
}
