/** Namespaces that are one object of settings: `config` and `update` from one description. */
import type * as z from 'zod';
import { ValidationErrors } from '../errors/exceptions.ts';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import type { SimRelease } from '../releases.ts';
import type { World } from '../world/world.ts';
import type { ApiRow } from './common.ts';
import { type Data, type Fields, memoized, updateModel } from './crud.ts';

/** What makes the two methods. */
export interface ConfigService {
  readonly namespace: string;
  /** Name of the argument's model. */
  readonly entity: string;
  readonly roles: readonly string[];
  readonly writeRoles: readonly string[];
  readonly releases?: readonly SimRelease[];
  /** What the audit log calls an update; absent when it is not audited. */
  readonly audited?: string;
  /** Name of update's argument model; `<entity>Update` when absent. */
  readonly model?: (release: SimRelease) => string;
  /** Name of update's parameter; `data` when absent. */
  readonly param?: string | ((release: SimRelease) => string);
  /** True where update can be called without its argument. */
  readonly mayBeEmpty?: (release: SimRelease) => boolean;
  readonly fields: Fields | ((release: SimRelease) => Fields);
  /** Schema of the answer, at least of its secrets, and who sees these. */
  readonly row?: z.ZodType;
  readonly secretRoles?: readonly string[];
  /** How the settings show; as they are kept when absent. */
  show?(context: MethodContext, stored: Data): ApiRow;
  /** Complains into `problems`; paths start with `<namespace>_update` as `at` says. Answers what to keep besides. */
  check?(context: MethodContext, change: ConfigChange): Data | undefined;
  /** Runs once the settings are kept: what follows from them elsewhere. */
  kept?(context: MethodContext, stored: Data): void;
}

/** An update on its way into the settings. */
export interface ConfigChange {
  /** The settings as they would be. */
  readonly data: Data;
  readonly old: Data;
  readonly problems: ValidationErrors;
  readonly at: string;
}

/** `config` and `update`. */
export function configService(spec: ConfigService): SimMethod[] {
  const { namespace, fields } = spec;
  const shared = {
    ...(spec.releases === undefined ? {} : { releases: spec.releases }),
    ...(spec.row === undefined ? {} : { returns: spec.row }),
    ...(spec.secretRoles === undefined ? {} : { secretRoles: spec.secretRoles }),
  };
  const show = (context: MethodContext): ApiRow => {
    const stored = settingsOf(context.world, namespace);
    return spec.show?.(context, stored) ?? { ...stored };
  };
  return [
    {
      ...shared,
      name: `${namespace}.config`,
      description: `Settings of ${namespace}.`,
      roles: spec.roles,
      run: show,
    },
    {
      ...shared,
      ...(spec.audited === undefined ? {} : { audited: spec.audited }),
      name: `${namespace}.update`,
      description: `Changes settings of ${namespace}; what is left out stays.`,
      roles: spec.writeRoles,
      params: memoized((release) => {
        const model = updateModel(
          spec.model?.(release) ?? `${spec.entity}Update`,
          typeof fields === 'function' ? fields(release) : fields,
        );
        const name = typeof spec.param === 'function' ? spec.param(release) : spec.param;
        return [[name ?? 'data', spec.mayBeEmpty?.(release) === true ? model.prefault({}) : model]];
      }),
      run(context: MethodContext, changes: Data) {
        const { world } = context;
        const old = settingsOf(world, namespace);
        const problems = new ValidationErrors();
        const data = { ...old, ...changes };
        const at = `${namespace.replaceAll('.', '_')}_update`;
        const more = spec.check?.(context, { data, old, problems, at });
        problems.check();
        const stored = { ...data, ...more };
        world.settings = { ...world.settings, [namespace]: stored };
        spec.kept?.(context, stored);
        return show(context);
      },
    },
  ];
}

/** What is kept for a namespace. */
export function settingsOf(world: World, namespace: string): Data {
  return world.settings[namespace] ?? {};
}
