/** The toolset of the generic tools: everything of a NAS's API that no other tool covers, for reading. */
import type { Toolset } from '../toolset.ts';

export const api: Toolset = {
  name: 'api',
  title: 'API',
  about: 'Search, describe and call whatever else the API of this NAS offers.',
  load: {
    search_api: async () => (await import('./search-api.ts')).searchApi,
    describe_api: async () => (await import('./describe-api.ts')).describeApi,
    call_api_read: async () => (await import('./call-api-read.ts')).callApiRead,
    call_api_write: async () => (await import('./call-api-write.ts')).callApiWrite,
  },
};
