/** `truenas://docs/query-filters`: the query language of TrueNAS, as far as one needs it to ask well. */

/** Operators and what they mean; also the list that the test compares with the query builder's. */
export const OPERATOR_ROWS: readonly (readonly [operators: string, meaning: string])[] = [
  ['`=` `!=`', 'equal, not equal'],
  ['`>` `>=` `<` `<=`', 'greater or smaller; for numbers, texts and dates'],
  ['`in` `nin`', 'the field is (not) one of a list: `["state", "in", ["FAILED", "ABORTED"]]`'],
  ['`rin` `rnin`', 'the field (not) contains the value: part of a text, or an item of a list'],
  ['`^` `!^`', 'begins (does not begin) with'],
  ['`$` `!$`', 'ends (does not end) with'],
  [
    '`~`',
    'matches a pattern from the beginning of the field: literals, `.`, `[classes]`, `^`, `$` and at most two `*` or `+`',
  ],
];

/** The page. */
export function queryFiltersText(): string {
  return [
    '# Filters of TrueNAS queries',
    '',
    'Every method that ends in `.query` takes filters and options. With `call_api_read` they are the arguments `filters`,',
    '`select`, `order_by`, `limit`, `offset` and `count`; the curated list tools have arguments of their own instead.',
    '',
    '## Filters',
    '',
    'A filter is `[field, operator, value]`; all filters of the list must hold. `["OR", [filter, filter]]` holds when one of',
    'them does, and a list of filters in its place must hold as a whole. At most three levels deep.',
    '',
    '| Operator | Holds when |',
    '|---|---|',
    ...OPERATOR_ROWS.map(([operators, meaning]) => `| ${operators} | ${meaning} |`),
    '',
    'A leading `C` ignores case (`C=`, `Crin`, `C^`); `~` has no such form.',
    '',
    '- A field that a row does not have fails every operator, `!=` as well.',
    '- Fields may be dotted: `["progress.percent", ">", 50]`.',
    '- Comparing with `null` works with `=` and `!=` only.',
    '- Some services look rows up in a database: there only `=`, `!=`, `<`, `>`, `in`, `nin`, `^` and `$` are safe.',
    '',
    '## Options',
    '',
    '- `select`: names of fields, dotted into objects and lists: `scan.state`, `disks.0.name`, `disks.name` (of each). Ask for',
    '  what you need: rows can be hundreds of kilobytes. A single row is shown in full. Fields with secrets are left out.',
    '- `order_by`: field names, `-` in front for descending. With several, the last is the primary key. Fields that are',
    '  computed cannot always be sorted by, and rows without a value can make sorting fail.',
    '- `limit` and `offset`: one page. `count: true`: only how many there are.',
    '',
    '## Examples',
    '',
    '- Failed jobs, newest first: method `core.get_jobs`, filters `[["state", "=", "FAILED"]]`, select `["id", "method",',
    '  "error"]`, order_by `["-id"]`.',
    '- Local accounts that people made: method `user.query`, filters `[["builtin", "=", false], ["local", "=", true]]`,',
    '  select `["username", "locked"]`.',
  ].join('\n');
}
