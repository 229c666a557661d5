import { z } from 'zod';
import { type Field, flagField, numberField, textField } from '../../output/fields.ts';
import { listAnswer } from '../../output/list.ts';
import { safeCell } from '../../output/untrusted.ts';
import { defineTool } from '../define.ts';
import { gapText, valueOr } from '../support/part.ts';
import {
  chooseFields,
  fieldsInput,
  optionalName,
  orderInput,
  pageInputs,
  pageOf,
  sortRows,
} from '../support/inputs.ts';
import { listOutput } from '../support/outputs.ts';
import { readShares, SHARE_SOURCES } from './read-shares.ts';
import { SHARE_KINDS, type Share, stoppedServices } from './share.ts';

const FIELDS: readonly Field<Share>[] = [
  textField('kind', (share) => share.kind),
  textField('name', (share) => share.name, 80),
  textField('path', (share) => share.path),
  flagField('enabled', (share) => share.enabled),
  flagField('readonly', (share) => share.readonly),
  flagField('locked', (share) => share.locked),
  textField('clients', (share) => share.clients),
  textField('comment', (share) => share.comment, 80),
  numberField('id', (share) => share.id),
];

/** All shares in one table. They are merged from four services, so they are filtered and paged here. */
export const listShares = defineTool({
  name: 'list_shares',
  toolset: 'sharing',
  title: 'List shares',
  description: 'SMB, NFS, iSCSI and NVMe-oF shares: path, state, who may connect.',
  input: z.strictObject({
    kind: z.enum(SHARE_KINDS).optional(),
    name: z.string().optional().describe('part of name or path'),
    pool: z.string().optional(),
    enabled: z.boolean().optional(),
    sort: z.enum(['kind', 'name', 'path']).optional(),
    order: orderInput,
    fields: fieldsInput([
      'kind',
      'name',
      'path',
      'enabled',
      'readonly',
      'locked',
      'clients',
      'comment',
      'id',
    ]),
    ...pageInputs,
  }),
  output: listOutput,
  carriesFreeText: true,
  uses: [...SHARE_SOURCES.flatMap((source) => source.listUses), 'service.query'],
  examples: [
    { args: {}, why: 'every kind' },
    { args: { kind: 'nvmeof' }, why: 'a kind that 25.04 lacks' },
    { args: { kind: 'smb', name: 'media', pool: 'tank', enabled: true, sort: 'path' }, why: 'every filter' },
  ],
  async run(nas, input, context) {
    const page = pageOf('list_shares', input);
    const { shares, unread } = await readShares(nas, input.kind);
    const part = input.name?.trim().replace(/\/+$/u, '').toLowerCase() ?? '';
    const pool = optionalName(input.pool);
    const matching = shares.filter(
      (share) =>
        `${share.name ?? ''}\n${share.path ?? ''}`.toLowerCase().includes(part) &&
        (pool === undefined || poolOf(share) === pool) &&
        (input.enabled === undefined || share.enabled === input.enabled),
    );
    const { sort } = input;
    const rows =
      sort === undefined ? matching : sortRows(matching, (share) => share[sort], input.order ?? 'asc');
    const listed = SHARE_SOURCES.filter(({ kind }) =>
      rows.some((share) => share.kind === kind && share.enabled !== false),
    );
    const stopped = await stoppedServices(nas, listed);
    // A share on a locked dataset is enabled and yet not there; where none is, the column would say nothing.
    const locked = rows.some((share) => share.locked === true) ? ['locked'] : [];
    return listAnswer({
      tool: 'list_shares',
      args: input,
      noun: 'shares',
      fields: chooseFields(
        FIELDS,
        input.fields,
        ['kind', 'name', 'path', 'enabled', ...locked, 'clients', 'comment'],
        [],
      ),
      rows: rows.slice(page.offset, page.offset + page.limit),
      offset: page.offset,
      total: rows.length,
      notes: [
        ...(rows.length === 0 && pool !== undefined ? elsewhere(shares, pool) : []),
        ...(unread.length > 0 ? [`NOT READ, so not listed: ${unread.join('; ')}`] : []),
        ...('gap' in stopped ? [`whether the services run ${gapText(stopped)}`] : []),
        ...(valueOr(stopped, []).length > 0
          ? [`NOT REACHABLE, as the service does not run: ${valueOr(stopped, []).join(', ')}`]
          : []),
      ],
      budgetTokens: context.budgetTokens,
    });
  },
});

/** The pool that a share is on: `/mnt/tank/media` and `zvol/tank/vm` are on `tank`. */
function poolOf({ path }: Share): string | undefined {
  return /^(?:\/mnt|(?:\/dev\/)?zvol)\/([^/]+)/u.exec(path ?? '')?.[1];
}

/** An empty list must not hide a mistyped pool. */
function elsewhere(shares: readonly Share[], pool: string): string[] {
  const pools = [...new Set(shares.flatMap((share) => poolOf(share) ?? []))].toSorted();
  if (pools.length === 0 || pools.includes(pool)) return [];
  return [
    `(there are shares on ${pools
      .slice(0, 8)
      .map((name) => safeCell(name, 60))
      .join(', ')})`,
  ];
}
