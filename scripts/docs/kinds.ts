/** docs/kinds.md: the kinds of things that list_items and get_item read, from their objects. */
import { rolesFor } from '../../src/policy/roles.ts';
import { loadKinds } from '../../src/tools/items/kinds.ts';
import type { Kind } from '../../src/tools/items/kind.ts';
import { code, GENERATED, table } from './markdown.ts';

const KINDS = await loadKinds();

/** The whole page. */
export function kindsPage(): string {
  const toolsets = [...new Set(KINDS.map(({ toolset }) => toolset))];
  return [
    GENERATED,
    '# Kinds',
    [
      `\`list_items\` and \`get_item\` read ${KINDS.length} kinds of things, each with its own columns. A toolset that is left out takes`,
      'its kinds with it. Columns in bold are in every row; those in italics are shown when `fields` names them. Any column can be',
      'sorted and filtered by: `filter: ["locked=true", "days_left<30"]`. A release that lacks the methods says so.',
    ].join('\n'),
    ...toolsets.flatMap((toolset) => [
      `## ${toolset}`,
      table(
        ['Kind', 'What it tells', 'Columns', 'Methods', 'Roles', 'Changed by'],
        KINDS.filter((kind) => kind.toolset === toolset).map(kindRow),
      ),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}

function kindRow(kind: Kind): string[] {
  const columns = Object.entries(kind.columns).map(([name, { isKey, isOnDemand }]) =>
    isKey === true ? `**${name}**` : isOnDemand === true ? `*${name}*` : name,
  );
  return [
    code(kind.name),
    kind.about,
    columns.join(', '),
    kind.getUses.map(code).join(', '),
    rolesFor(kind.getUses).map(code).join(', '),
    (kind.changedBy ?? []).map(code).join(', '),
  ];
}
