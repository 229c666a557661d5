/** Shares that people open in a browser. */
import { createTable, type Table, type TableRow } from './table.ts';

export interface Webshare extends TableRow {
  readonly name: string;
  readonly dataset: string;
  readonly relative_path: string;
  readonly enabled: boolean;
  readonly is_home_base: boolean;
}

/** The shares of the default world. */
export function createWebshares(): Table<Webshare> {
  return createTable<Webshare>([
    { name: 'documents', dataset: 'tank/documents', relative_path: '', enabled: true, is_home_base: false },
    { name: 'homes', dataset: 'tank/home', relative_path: '', enabled: false, is_home_base: true },
  ]);
}
