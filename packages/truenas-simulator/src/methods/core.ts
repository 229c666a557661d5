/** `core.*`: the connection itself, events, introspection; jobs and downloads are in files of their own. */
import * as z from 'zod';
import type { MethodContext, SimMethod } from '../calls/method.ts';
import { describeMethods, describeServices, TARGETS } from '../calls/introspection.ts';
import { isAtLeast, type SimRelease } from '../releases.ts';
import { anyObject, looseModel, text } from '../schema/schema.ts';
import { CORE_DOWNLOAD_METHODS } from './core-download.ts';
import { CORE_JOB_METHODS } from './core-jobs.ts';
import { CORE_PING_METHODS } from './core-ping.ts';

const PING: SimMethod = {
  name: 'core.ping',
  description: 'Answers "pong".',
  returns: z.string(),
  run: () => 'pong',
};

const CONNECTION: readonly SimMethod[] = [
  { ...PING, releases: ['25.04'], auth: 'login' },
  { ...PING, releases: ['25.10', '27.0'], auth: 'none' },
  {
    name: 'core.set_options',
    description: 'Switches of this connection.',
    auth: 'none',
    params: (release) => [['options', sessionOptions(release)]],
    run: setOptions,
  },
  {
    name: 'core.subscribe',
    description: 'Starts notifications about an event; answers the id of the subscription.',
    auth: 'login',
    params: [['event', text()]],
    returns: z.string(),
    run: ({ internals, session }, event: string) => internals.subscribe(session, event),
  },
  {
    name: 'core.unsubscribe',
    description: 'Ends a subscription.',
    auth: 'login',
    params: [['id_', text()]],
    returns: z.null(),
    run({ internals, session }, id: string) {
      internals.unsubscribe(session, id);
      return null;
    },
  },
];

const INTROSPECTION: readonly SimMethod[] = (['25.04', '25.10'] as const).flatMap((since) => {
  const releases: readonly SimRelease[] = since === '25.04' ? ['25.04'] : ['25.10', '27.0'];
  const access =
    since === '25.04' ? ({ auth: 'none', isPrivate: true } as const) : ({ auth: 'login' } as const);
  return [
    {
      name: 'core.get_services',
      description: 'Namespaces and their kind.',
      releases,
      ...access,
      params: [['target', TARGETS]],
      returns: anyObject(),
      run: describeServices,
    },
    {
      name: 'core.get_methods',
      description: 'The methods the caller may call, with their schemas and roles.',
      releases,
      ...access,
      params: [
        ['service', text().nullable().default(null)],
        ['target', TARGETS],
      ],
      returns: anyObject(),
      run: describeMethods,
    },
  ] satisfies SimMethod[];
});

/** `core.*`. */
export const CORE_METHODS: readonly SimMethod[] = [
  ...CONNECTION,
  ...INTROSPECTION,
  ...CORE_JOB_METHODS,
  ...CORE_DOWNLOAD_METHODS,
  ...CORE_PING_METHODS,
];

const OPTIONS_2504 = looseModel('CoreSetOptionsOptions', { py_exceptions: z.boolean().optional() });
const OPTIONS_2510 = looseModel('CoreOptions', {
  legacy_jobs: z.boolean().optional(),
  private_methods: z.boolean().optional(),
  py_exceptions: z.boolean().optional(),
});

function sessionOptions(release: SimRelease): z.ZodType {
  return isAtLeast(release, '25.10') ? OPTIONS_2510 : OPTIONS_2504;
}

function setOptions(
  { session, release }: MethodContext,
  wanted: { legacy_jobs?: boolean; private_methods?: boolean; py_exceptions?: boolean },
): unknown {
  const { options } = session;
  options.pyExceptions = wanted.py_exceptions ?? options.pyExceptions;
  if (!isAtLeast(release, '25.10')) return null;
  options.legacyJobs = wanted.legacy_jobs ?? options.legacyJobs;
  options.privateMethods = wanted.private_methods ?? options.privateMethods;
  return {
    legacy_jobs: options.legacyJobs,
    private_methods: options.privateMethods,
    py_exceptions: options.pyExceptions,
  };
}
