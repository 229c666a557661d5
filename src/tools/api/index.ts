/** The generic tools: everything of a NAS's API that no curated tool covers, for reading. */
import type { AnyReadTool } from '../define.ts';
import { callApiRead } from './call-api-read.ts';
import { describeApi } from './describe-api.ts';
import { searchApi } from './search-api.ts';

export const API_TOOLS: readonly AnyReadTool[] = [searchApi, describeApi, callApiRead];
