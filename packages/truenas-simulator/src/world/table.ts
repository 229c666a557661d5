/** Rows with a numeric id, as most configuration of a NAS is kept. */

/** A row of a table. */
export interface TableRow {
  readonly id: number;
}

/** A small table; rows are replaced, not changed in place, so that what was handed out stays as it was. */
export interface Table<Row extends TableRow> {
  rows(): readonly Row[];
  get(id: number): Row | undefined;
  /** Adds a row with the next id. */
  insert(row: Omit<Row, 'id'>): Row;
  /** Replaces fields of a row; undefined when there is none with this id. */
  update(id: number, fields: Partial<Omit<Row, 'id'>>): Row | undefined;
  remove(id: number): Row | undefined;
}

/** Makes a table with rows of ids 1, 2, 3 … */
export function createTable<Row extends TableRow>(seeds: readonly Omit<Row, 'id'>[]): Table<Row> {
  const byId = new Map<number, Row>();
  let nextId = 1;

  function insert(row: Omit<Row, 'id'>): Row {
    const full = { id: nextId, ...row } as Row;
    byId.set(nextId, full);
    nextId += 1;
    return full;
  }

  for (const seed of seeds) insert(seed);
  return {
    rows: () => [...byId.values()],
    get: (id) => byId.get(id),
    insert,
    update(id, fields) {
      const old = byId.get(id);
      if (old === undefined) return undefined;
      const fresh: Row = { ...old, ...fields };
      byId.set(id, fresh);
      return fresh;
    },
    remove(id) {
      const old = byId.get(id);
      byId.delete(id);
      return old;
    },
  };
}
