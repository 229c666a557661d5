/** Reads the graphs of a question, each by itself, and keeps of each a summary. */
import type { ReadClient } from '../../truenas/client.ts';
import { isTrueNasError, type TrueNasError } from '../../truenas/errors.ts';
import { type Gap, type Part, readPart, UNKNOWN_FORM } from '../support/part.ts';
import { rawRowsOf } from '../support/rows.ts';
import { type Chosen, type Graph, shortName } from './metric-graphs.ts';
import type { MetricKind } from './metric-kinds.ts';
import { type GraphSummary, type Period, summarise } from './metric-series.ts';

/** What is known of a graph. */
export interface GraphRead {
  /** The disk or interface; the graph's own name where there is one for the system. */
  readonly name: string;
  readonly summary: Part<GraphSummary>;
}

/** Graphs asked for at the same time: a NAS makes each of thousands of points. */
const AT_ONCE = 6;
/** No further graph is asked for after so long: who asked waits for the answer. */
const ENOUGH_MS = 10_000;

const TOO_LATE: { readonly gap: Gap } = {
  gap: { kind: 'unreadable', why: 'the NAS took too long; ask for it by name' },
};

/**
 * One call for each graph: together they would be a frame of megabytes, and one that fails would take all with it.
 * @throws TrueNasError of the first one when the NAS answered none
 */
export async function readGraphs(
  nas: ReadClient,
  { graphs, kind }: Chosen,
  period: Period,
  curveParts = 0,
): Promise<readonly GraphRead[]> {
  const asked = { start: Math.floor(period.fromMs / 1000), end: Math.floor(period.toMs / 1000) };
  const failures: TrueNasError[] = [];
  const startedMs = performance.now();

  async function summaryOf(graph: Graph, label: string): Promise<Part<GraphSummary>> {
    if (performance.now() - startedMs > ENOUGH_MS) return TOO_LATE;
    const answer = await readPart(nas, (limited) =>
      limited
        .call('reporting.netdata_get_data', [[graph], { ...asked, aggregate: true }])
        .then(rawRowsOf)
        .catch((error: unknown) => {
          if (isTrueNasError(error)) failures.push(error);
          throw error;
        }),
    );
    return 'gap' in answer ? answer : summarised(answer.value, label, kind, period, curveParts);
  }

  const read = await inTurns(graphs, async (graph) => {
    const label = graph.identifier === undefined ? '' : shortName(graph.identifier);
    return { name: label || graph.name, summary: await summaryOf(graph, label) };
  });
  if (failures[0] !== undefined && failures.length === read.length) throw failures[0];
  return read;
}

/** A NAS leaves out in silence what it does not measure. */
function summarised(
  [row]: readonly Readonly<Record<string, unknown>>[],
  label: string,
  kind: MetricKind,
  period: Period,
  curveParts: number,
): Part<GraphSummary> {
  if (row === undefined) return { value: { series: [], stepMs: undefined, oddCount: 0 } };
  const summary = summarise(row, label, kind, period, curveParts);
  return summary === undefined ? UNKNOWN_FORM : { value: summary };
}

/** The results in the order of the items; a few at a time. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const [index, item] of left) results[index] = await run(item);
  });
  await Promise.all(workers);
  return results;
}
