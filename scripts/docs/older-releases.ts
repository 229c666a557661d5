/** docs/older-releases.md: the allow list that a key of TrueNAS 24.10 needs, from the tools that read. */
import { legacyReads } from '../../src/truenas/legacy/door.ts';
import { nameInRelease } from '../../src/truenas/renames.ts';
import { parseRelease } from '../../src/truenas/releases.ts';
import { ALL_TOOLS } from './all-tools.ts';
import { loadKinds } from '../../src/tools/items/kinds.ts';
import { between } from './markdown.ts';

/** What signing in and telling the release takes. */
const SESSION = ['system.version'];
/** Methods of later releases that others stand for on 24.10. */
const STAND_INS: Readonly<Record<string, string>> = { 'boot.environment.query': 'bootenv.query' };
/** Events that resources, jobs and get_app_logs listen to. */
const EVENTS = [
  'app.container_log_follow*',
  'alert.list',
  'core.get_jobs',
  'pool.dataset.query',
  'pool.query',
];

/** The page with its list as the tools are now. */
export function olderReleasesPage(current: string): string {
  return between(current, 'allow-list', `\`\`\`json\n${allowListText()}\n\`\`\``);
}

/** Read tools and kinds; of call_api_read only what these name. */
async function usedMethods(): Promise<readonly string[]> {
  const kinds = await loadKinds();
  const tools = ALL_TOOLS.filter((tool) => tool.kind !== 'change');
  return [...tools.flatMap(({ uses }) => uses), ...kinds.flatMap(({ getUses }) => getUses)];
}

const USED = await usedMethods();

/** One entry a line, sorted. */
function allowListText(): string {
  const release = parseRelease('24.10');
  const known = legacyReads('SCALE');
  const methods = [...SESSION, ...USED.map((method) => STAND_INS[method] ?? nameInRelease(method, release))];
  const calls = [...new Set(methods)].filter((method) => known.has(method)).toSorted();
  const entries = [
    ...calls.map((resource) => ({ method: 'CALL', resource })),
    ...EVENTS.map((resource) => ({ method: 'SUBSCRIBE', resource })),
  ];
  return `[\n${entries.map((entry) => `  ${JSON.stringify(entry)}`).join(',\n')}\n]`;
}
