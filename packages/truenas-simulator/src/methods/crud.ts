/** Namespaces that are tables: query, get_instance, create, update and delete from one description. */
import * as z from 'zod';
import { nameIn } from '../audit/entries.ts';
import { doesNotExist, ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod, SimParams } from '../calls/method.ts';
import type { SimRelease } from '../releases.ts';
import { model } from '../schema/schema.ts';
import type { Table, TableRow } from '../world/table.ts';
import type { World } from '../world/world.ts';
import { announce, type ApiRow, type Readable, readable } from './common.ts';

/** A field of what create and update take: required on create, or with the value it has when left out. */
export interface Field {
  readonly schema: z.ZodType;
  readonly fallback?: unknown;
}

/** Fields by name. */
export type Fields = Readonly<Record<string, Field>>;

/** A field that create insists on. */
export function required(schema: z.ZodType): Field {
  return { schema };
}

/** A field that create fills with `fallback`. */
export function optional(schema: z.ZodType, fallback: unknown): Field {
  return { schema, fallback };
}

/** What create takes: defaults are filled. */
export function createModel(name: string, fields: Fields): z.ZodType {
  const shape = Object.entries(fields).map(([key, { schema, fallback }]): [string, z.ZodType] => [
    key,
    fallback === undefined ? schema : schema.default(fallback),
  ]);
  return model(name, Object.fromEntries(shape));
}

/** What update takes: nothing is required, nothing is filled. */
export function updateModel(name: string, fields: Fields): z.ZodObject {
  const shape = Object.entries(fields).map(([key, { schema }]): [string, z.ZodType] => [
    key,
    schema.optional(),
  ]);
  return model(name, Object.fromEntries(shape));
}

/** Fields as validated. */
export type Data = Readonly<Record<string, unknown>>;

/** What makes the five methods of a table. */
export interface Crud<Row extends TableRow> extends Omit<Readable, 'rows'> {
  readonly writeRoles: readonly string[];
  /** What the audit log calls its changes, with `%` for create, update or delete; absent when they are not audited. */
  readonly audited?: string;
  /** First part of the parameter's name, `<param>_create` and `<param>_update`; `data` when absent. */
  readonly param?: string | ((release: SimRelease) => string | undefined);
  /** Name of the parameter of create alone, where update calls its own otherwise. */
  readonly createParam?: string;
  /** Name of the first parameter of update and delete; `id` when absent. */
  readonly idParam?: string;
  /** First part of the names of its argument models, `<model>Create` and `<model>Update`; `entity` when absent. */
  readonly model?: string;
  /** First part of attribute paths in complaints, where it is not the namespace with underscores. */
  readonly attribute?: string;
  readonly fields: Fields | ((release: SimRelease) => Fields);
  /** Argument schemas where fields cannot say them. */
  readonly models?: CrudModels | ((release: SimRelease) => CrudModels);
  /** Only for update. */
  readonly updateFields?: Fields | ((release: SimRelease) => Fields);
  /** Parameters of delete after the id. */
  readonly deleteParams?: SimParams;
  table(world: World): Table<Row>;
  /** How a row shows; as it is when absent. */
  show?(context: MethodContext, row: Row): ApiRow;
  /** Complains into `problems` (paths start with `at`), and answers the fields to store. */
  check?(context: MethodContext, check: Check<Row>): Data | undefined;
  /** Refuses what must not go, and removes what goes with it. */
  beforeDelete?(context: MethodContext, row: Row, ...args: readonly unknown[]): void;
}

/** Argument schemas of create and update. */
export interface CrudModels {
  readonly create: z.ZodType;
  readonly update: z.ZodType;
}

/** A create or update on its way into the table. */
export interface Check<Row> {
  /** The whole row as it would be. */
  readonly data: Data;
  /** What the caller gave; of a create with what it left out filled in. */
  readonly given: Data;
  /** The row before an update; null for a create. */
  readonly old: Row | null;
  readonly problems: ValidationErrors;
  /** First part of attribute paths, e.g. `sharing_nfs_create`. */
  readonly at: string;
}

/** The five methods. */
export function crud<Row extends TableRow>(spec: Crud<Row>): SimMethod[] {
  const { namespace, writeRoles } = spec;
  const show = (context: MethodContext, row: Row): ApiRow =>
    spec.show?.(context, row) ?? ({ ...row } as ApiRow);
  const shared = {
    roles: writeRoles,
    ...(spec.releases === undefined ? {} : { releases: spec.releases }),
  };
  const answer = {
    ...(spec.row === undefined ? {} : { returns: spec.row }),
    ...(spec.secretRoles === undefined ? {} : { secretRoles: spec.secretRoles }),
  };

  const auditedAs = (verb: 'create' | 'update' | 'delete'): { readonly audited?: string } => {
    if (spec.audited === undefined) return {};
    const text = spec.audited.replace('%', verb);
    return { audited: text.charAt(0).toUpperCase() + text.slice(1) };
  };

  function paramName(release: SimRelease, verb: string): string {
    const prefix = typeof spec.param === 'function' ? spec.param(release) : spec.param;
    return prefix === undefined ? 'data' : `${prefix}_${verb}`;
  }

  function fieldsFor(release: SimRelease, verb: 'create' | 'update'): Fields {
    const fields = verb === 'update' ? (spec.updateFields ?? spec.fields) : spec.fields;
    return typeof fields === 'function' ? fields(release) : fields;
  }

  function modelsFor(release: SimRelease): CrudModels | undefined {
    return typeof spec.models === 'function' ? spec.models(release) : spec.models;
  }

  function checked(context: MethodContext, verb: 'create' | 'update', data: Data, old: Row | null): Data {
    const problems = new ValidationErrors();
    const at = `${spec.attribute ?? namespace.replaceAll('.', '_')}_${verb}`;
    const whole = old === null ? data : { ...old, ...data };
    const stored = spec.check?.(context, { data: whole, given: data, old, problems, at }) ?? whole;
    problems.check();
    return stored;
  }

  return [
    ...readable({
      ...spec,
      rows: (context) =>
        spec
          .table(context.world)
          .rows()
          .map((row) => show(context, row)),
    }),
    {
      ...shared,
      ...answer,
      ...auditedAs('create'),
      name: `${namespace}.create`,
      description: `Adds one of ${spec.what}.`,
      params: memoized((release) => [
        [
          spec.createParam ?? paramName(release, 'create'),
          modelsFor(release)?.create ??
            createModel(`${spec.model ?? spec.entity}Create`, fieldsFor(release, 'create')),
        ],
      ]),
      run(context: MethodContext, data: Data) {
        const row = spec
          .table(context.world)
          .insert(checked(context, 'create', data, null) as Omit<Row, 'id'>);
        const shown = show(context, row);
        announce(context, namespace, 'added', row.id, shown);
        return shown;
      },
    },
    {
      ...shared,
      ...answer,
      ...auditedAs('update'),
      name: `${namespace}.update`,
      description: `Changes one of ${spec.what}; what is left out stays.`,
      params: memoized((release) => [
        [spec.idParam ?? 'id', z.int()],
        [
          paramName(release, 'update'),
          modelsFor(release)?.update ??
            updateModel(`${spec.model ?? spec.entity}Update`, fieldsFor(release, 'update')),
        ],
      ]),
      run(context: MethodContext, id: number, data: Data) {
        const table = spec.table(context.world);
        const old = table.get(id);
        if (old === undefined) throw doesNotExist(spec.entity, id);
        context.about(nameIn(old));
        const { id: _, ...fields } = checked(context, 'update', data, old);
        const row = table.update(id, fields as Partial<Omit<Row, 'id'>>) ?? old;
        const shown = show(context, row);
        announce(context, namespace, 'changed', id, shown);
        return shown;
      },
    },
    {
      ...shared,
      ...auditedAs('delete'),
      name: `${namespace}.delete`,
      description: `Removes one of ${spec.what}.`,
      params: [[spec.idParam ?? 'id', z.int()], ...(spec.deleteParams ?? [])],
      run(context: MethodContext, id: number, ...args: readonly unknown[]) {
        const table = spec.table(context.world);
        const row = table.get(id);
        if (row === undefined) throw doesNotExist(spec.entity, id);
        context.about(nameIn(row));
        spec.beforeDelete?.(context, row, ...args);
        table.remove(id);
        announce(context, namespace, 'removed', id);
        return true;
      },
    },
  ];
}

/** Builds the schemas of a release once. */
export function memoized(build: (release: SimRelease) => SimParams): (release: SimRelease) => SimParams {
  const known = new Map<SimRelease, SimParams>();
  return (release) => {
    const params = known.get(release) ?? build(release);
    known.set(release, params);
    return params;
  };
}
