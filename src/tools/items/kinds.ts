/** Every kind, by toolset. Loads none: their code comes with the first call. */
import type { ToolsetName } from '../toolset.ts';
import type { Kind } from './kind.ts';

const KINDS_BY_TOOLSET: Partial<Readonly<Record<ToolsetName, () => Promise<readonly Kind[]>>>> = {
  system: async () => (await import('./system/index.ts')).KINDS,
  accounts: async () => (await import('./accounts/index.ts')).KINDS,
  apps: async () => (await import('./apps/index.ts')).KINDS,
  protection: async () => (await import('./protection/index.ts')).KINDS,
  network: async () => (await import('./network/index.ts')).KINDS,
  hardware: async () => (await import('./hardware/index.ts')).KINDS,
  files: async () => (await import('./files/index.ts')).KINDS,
  audit: async () => (await import('./audit/index.ts')).KINDS,
  virtualization: async () => (await import('./virtualization/index.ts')).KINDS,
};

/** The code of all kinds, in the order of the toolsets. */
export async function loadKinds(): Promise<Kind[]> {
  return (await Promise.all(Object.values(KINDS_BY_TOOLSET).map((load) => load()))).flat();
}
