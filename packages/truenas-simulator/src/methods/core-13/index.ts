/** The methods of the FreeBSD releases. */
import type { SimMethod } from '../../calls/method.ts';
import type { LegacyRelease } from '../../releases.ts';
import { legacyApiKeyMethods } from '../legacy/api-key.ts';
import { legacyAuthMethods } from '../legacy/auth.ts';
import { legacyCoreMethods } from '../legacy/core.ts';
import { same, sameNamespaces } from '../legacy/base.ts';
import { DATASET_METHODS } from './dataset.ts';
import { POOL_METHODS } from './pool.ts';
import { SYSTEM_METHODS } from './system.ts';

/** The methods by name. */
export function core13Methods(legacy: LegacyRelease): ReadonlyMap<string, SimMethod> {
  const methods: readonly SimMethod[] = [
    ...legacyAuthMethods(legacy),
    ...legacyApiKeyMethods(legacy),
    ...legacyCoreMethods(legacy),
    ...SYSTEM_METHODS,
    ...POOL_METHODS,
    ...DATASET_METHODS,
    same('alert.list'),
    ...sameNamespaces(['cronjob']),
  ];
  return new Map(methods.map((method) => [method.name, method]));
}
