/** TrueNAS SCALE 24.10: what it has in another form than 25.04 (LEGACY section 6.1). */
import type { WireValue } from '../../client.ts';
import { type Ask, answerQuery, type RowSource, rowsOf } from '../queries/index.ts';
import { isRow, type Row } from '../queries/paths.ts';
import { graphName, withBusyTime } from './processor.ts';
import { scaleSnapshots } from './snapshots.ts';
import {
  aclWithOwners,
  bootEnvironments,
  cloudCredentials,
  machines,
  typeByMode,
  vmDevices,
} from './both.ts';

/** Answers in the form of 25.04. Everything that is not here is called as it is. */
export const SCALE_FORMS: Readonly<
  Record<string, (params: readonly WireValue[], ask: Ask) => Promise<WireValue>>
> = {
  'boot.environment.query': here('boot.environment.query', bootEnvironments),
  'cloudsync.credentials.query': here('cloudsync.credentials.query', cloudCredentials),
  'filesystem.getacl': (params, ask) => aclWithOwners(params[0] ?? null, params, ask),
  'filesystem.stat': statWithType,
  'reporting.netdata_get_data': measurements,
  'vm.device.query': here('vm.device.query', vmDevices),
  'vm.query': here('vm.query', machines),
  'zfs.snapshot.query': scaleSnapshots,
};

/** 24.10 does not tell the type. */
async function statWithType(params: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const stat = await ask('filesystem.stat', params);
  return isRow(stat) && !('type' in stat) ? { ...stat, type: typeByMode(stat['mode']) ?? null } : stat;
}

/** Answered here from whole rows: the lists are short. */
function here(method: string, source: RowSource) {
  return (params: readonly WireValue[], ask: Ask) => answerQuery(method, params, ask, source);
}

/** Bytes in a mebibyte, in which 24.10 measures memory, the part of ZFS in it as well. */
const MEBIBYTE = 1_048_576;
const IN_MEBIBYTES = new Set(['memory', 'arcsize']);

async function measurements(params: readonly WireValue[], ask: Ask): Promise<WireValue> {
  const rows = rowsOf(await ask('reporting.netdata_get_data', params), 'reporting.netdata_get_data');
  return rows.map((row, index) => {
    const name = graphName(row, params[0], index);
    return IN_MEBIBYTES.has(name) ? inBytes(row) : withBusyTime(row, name);
  });
}

function inBytes(row: Row): Row {
  const { data, aggregations } = row;
  const scale = (value: WireValue) => (typeof value === 'number' ? value * MEBIBYTE : value);
  return {
    ...row,
    data: Array.isArray(data)
      ? data.map((values) =>
          Array.isArray(values) ? values.map((value, index) => (index === 0 ? value : scale(value))) : values,
        )
      : (data ?? null),
    aggregations: isRow(aggregations)
      ? Object.fromEntries(
          Object.entries(aggregations).map(([kind, values]) => [
            kind,
            isRow(values)
              ? Object.fromEntries(Object.entries(values).map(([name, value]) => [name, scale(value)]))
              : values,
          ]),
        )
      : (aggregations ?? null),
  };
}
