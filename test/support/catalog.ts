/** A catalog over the contract without a socket, for tests that are about what is in it. */
import { type ApiCatalog, openCatalog } from '../../src/truenas/catalog/index.ts';
import type { WireValue } from '../../src/truenas/client.ts';
import type { ContractRelease } from './contract.ts';
import { type NasMethod, nasMethods, nasServices } from './nas-form.ts';

/** The live catalog as a NAS of this release would fill it. */
export function contractCatalog(release: ContractRelease): ApiCatalog {
  const methods = nasMethods(release);
  return openCatalog({
    release: () => Promise.resolve({ family: release, version: `TrueNAS-${release}` }),
    call(method, params = []) {
      const reply: unknown =
        method === 'core.get_services' ? nasServices(release) : listed(methods, params[0]);
      return Promise.resolve(reply as WireValue);
    },
  });
}

function listed(methods: ReadonlyMap<string, NasMethod>, service: unknown): Record<string, NasMethod> {
  return Object.fromEntries(
    [...methods].filter(
      ([name]) => service === undefined || name.slice(0, name.lastIndexOf('.')) === service,
    ),
  );
}
