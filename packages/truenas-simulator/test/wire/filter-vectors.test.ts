import { expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../src/wire/codec.ts';
import { applyQuery, type QueryOptions } from '../../src/query/apply.ts';
import { QueryError } from '../../src/query/error.ts';
import { describeContract, hasContract, readContractFile } from '../support/contract.ts';

interface Vectors {
  readonly tables: Readonly<Record<string, object[]>>;
  readonly cases: readonly {
    readonly id: string;
    readonly rows: string;
    readonly filters: unknown[];
    readonly options: QueryOptions;
    readonly expect: unknown;
    readonly note?: string;
  }[];
}

const vectors: Vectors = hasContract
  ? (JSON.parse(readContractFile('filter-vectors.json')) as Vectors)
  : { tables: {}, cases: [] };

function run(rows: object[], filters: unknown[], options: QueryOptions): unknown {
  try {
    const result = applyQuery(
      decodeValue(rows) as object[],
      decodeValue(filters) as unknown[],
      decodeValue(options) as QueryOptions,
    );
    return encodeValue(result);
  } catch (error) {
    if (error instanceof QueryError) return { error: error.className, phase: error.phase };
    throw error;
  }
}

describeContract('queries answer as the NAS does', () => {
  it.each(vectors.cases)('$id $note', ({ rows, filters, options, expect: expected }) => {
    expect(run(vectors.tables[rows] ?? [], filters, options)).toEqual(expected);
  });
});
