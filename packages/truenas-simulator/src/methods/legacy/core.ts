/** `core.*` of the older releases: the connection, what the release can do, a shell that nobody has. */
import * as z from 'zod';
import { describeMethods, describeServices, TARGETS } from '../../calls/introspection.ts';
import type { MethodContext, SimMethod } from '../../calls/method.ts';
import { CallError, ERRNO, PlainError } from '../../errors/exceptions.ts';
import { isCore, type LegacyRelease } from '../../releases.ts';
import { text } from '../../schema/schema.ts';
import { legacyJobMethods } from './core-jobs.ts';

/** The methods of a release. */
export function legacyCoreMethods(legacy: LegacyRelease): readonly SimMethod[] {
  return [
    { name: 'core.ping', description: 'Answers "pong".', auth: 'login', run: () => 'pong' },
    ...(isCore(legacy) ? CORE_INTROSPECTION : SCALE_INTROSPECTION),
    {
      name: 'core.resize_shell',
      description: 'Changes the size of a web shell.',
      params: [
        ['id', text()],
        ['cols', z.int()],
        ['rows', z.int()],
      ],
      run: () => {
        throw new CallError('Shell does not exist', ERRNO.ENOENT);
      },
    },
    {
      name: 'config.upload',
      description: 'Restores a configuration that was saved.',
      run: () => {
        throw new PlainError("Pipe 'input' is not open", 'ValueError');
      },
    },
    ...legacyJobMethods(legacy),
  ];
}

const SCALE_INTROSPECTION: readonly SimMethod[] = [
  {
    name: 'core.get_services',
    description: 'Namespaces and their kind.',
    auth: 'none',
    isPrivate: true,
    params: [['target', TARGETS]],
    run: describeServices,
  },
  {
    name: 'core.get_methods',
    description: 'The methods the caller may call, with their schemas and roles.',
    auth: 'none',
    isPrivate: true,
    params: [
      ['service', text().nullable().default(null)],
      ['target', TARGETS],
    ],
    run: describeMethods,
  },
];

const CORE_INTROSPECTION: readonly SimMethod[] = [
  {
    name: 'core.get_services',
    description: 'Namespaces and their kind.',
    run(context: MethodContext) {
      const services = describeServices(context, 'WS');
      const entries = Object.entries(services).map(([namespace, service]) => {
        const { type } = service as { type: string };
        const config = { datastore: null, datastore_prefix: '', datastore_extend: null, namespace };
        return [namespace, { type, config: { ...config, private: false, verbose_name: namespace } }];
      });
      return Object.fromEntries(entries) as Record<string, unknown>;
    },
  },
  {
    name: 'core.get_methods',
    description: 'All public methods, with the schemas of their arguments.',
    params: [['service', text().nullable().default(null)]],
    run(context: MethodContext, service: string | null) {
      const methods = describeMethods(context, service, 'WS');
      return Object.fromEntries(
        Object.entries(methods).map(([name, method]) => [name, coreDescription(method as Described)]),
      );
    },
  },
];

type Described = Readonly<Record<string, unknown>>;

/** Neither roles nor results are described there. */
function coreDescription(method: Described): Record<string, unknown> {
  const { description, examples, accepts, item_method, no_auth_required, filterable, job } = method;
  return {
    ...{ description, examples, accepts, item_method, no_auth_required, filterable },
    ...{ pass_application: false, extra_methods: null, require_websocket: false, job },
    ...{ downloadable: false, uploadable: false, require_pipes: false },
  };
}
