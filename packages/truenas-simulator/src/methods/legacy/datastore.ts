/** `datastore.*`: the database itself, which whoever may do everything can read. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { PlainError } from '../../errors/exceptions.ts';
import { type CoreOptions, filterCoreList } from '../../legacy/core-filters.ts';
import { isObject } from '../../query/path.ts';
import { anyObject, text } from '../../schema/schema.ts';
import type { ApiRow } from '../common.ts';
import { baseRows } from './base.ts';

/** Tables by name: the query that shows them, and what their columns begin with. */
const TABLES: Readonly<Record<string, readonly [query: string, prefix: string]>> = {
  'account.bsdgroups': ['group.query', 'bsdgrp_'],
  'account.bsdusers': ['user.query', 'bsdusr_'],
  'services.services': ['service.query', 'srv_'],
  'storage.volume': ['pool.query', 'vol_'],
  'tasks.cronjob': ['cronjob.query', 'cron_'],
};

export const DATASTORE_METHODS: readonly SimMethod[] = [
  {
    name: 'datastore.query',
    description: 'Rows of a table of the database.',
    isPrivate: true,
    params: [
      ['name', text()],
      ['query-filters', z.array(z.unknown()).default([])],
      ['query-options', anyObject().default({})],
    ],
    run(context: MethodContext, name: string, filters: readonly unknown[], options: CoreOptions) {
      const table = TABLES[name];
      if (table === undefined) throw new PlainError(`'${name}'`, 'KeyError');
      const [query, prefix] = table;
      const rows = baseRows(context, query).map((row) => stored(row, options.extra?.prefix ?? prefix));
      return filterCoreList(rows, filters, options);
    },
  },
];

/** Columns with their own names; what is in parts is spread out. */
function stored(row: ApiRow, prefix: unknown): ApiRow {
  const { id, schedule, ...rest } = row;
  const parts = isObject(schedule) ? schedule : {};
  const entries = Object.entries({ ...rest, ...parts }).map(([name, value]) => [
    `${String(prefix)}${name}`,
    value,
  ]);
  return { id, ...Object.fromEntries(entries) } as ApiRow;
}
