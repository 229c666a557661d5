/** Making methods of 24.10 out of those of 25.04: the same rows, with other fields. */
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { methodsOf } from '../../calls/registry.ts';
import { applyQuery, type QueryOptions } from '../../query/apply.ts';
import type { ApiRow } from '../common.ts';
import { baseMethod } from '../legacy/base.ts';

/** Turns a row of 25.04 into one of 24.10. */
export type Reshape = (row: ApiRow, context: MethodContext) => ApiRow;

/** Query and `get_instance` of a service, as far as 25.04 has them. */
export function reshapedTable(namespace: string, reshape: Reshape): SimMethod[] {
  const query = baseMethod(`${namespace}.query`);
  const instance = methodsOf('25.04').get(`${namespace}.get_instance`);
  return [
    {
      ...query,
      run: (context: MethodContext, filters: readonly unknown[], options: QueryOptions) =>
        Array.from(query.run(context, ...([filters, options] as never[])) as Iterable<ApiRow>, (row) =>
          reshape(row, context),
        ),
    },
    ...(instance === undefined ? [] : [reshapedInstance(instance, reshape)]),
  ];
}

function reshapedInstance(instance: SimMethod, reshape: Reshape): SimMethod {
  return {
    ...instance,
    async run(context: MethodContext, id: unknown, options: QueryOptions) {
      const row = (await instance.run(context, ...([id, { ...options, select: [] }] as never[]))) as ApiRow;
      return applyQuery([reshape(row, context)], [], { select: options.select ?? [], get: true });
    },
  };
}

/** Settings of a service. */
export function reshapedConfig(namespace: string, reshape: Reshape): SimMethod {
  const config = baseMethod(`${namespace}.config`);
  return {
    ...config,
    run: async (context: MethodContext) => reshape((await config.run(context)) as ApiRow, context),
  };
}
