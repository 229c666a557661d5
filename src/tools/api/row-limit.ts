/** How many rows a query asks a NAS for: few of wide ones, more of narrow ones, never all. */

/** Rows of a query without `limit`: whole rows are big, selected ones are not. */
const DEFAULT_LIMIT = 20;
const DEFAULT_LIMIT_SELECTED = 50;
/** Rows asked of a NAS at once, at most. */
export const MAX_LIMIT = 500;
/** Fields asked of a NAS at once, at most; what no answer could show is not worth its work. */
const MAX_FIELDS = 2000;
/** A whole row counts as so many fields, and so does a field that holds many others. */
const WHOLE_ROW_FIELDS = 50;
const WIDE_FIELD_FIELDS = 25;
/** Fields that hold what is big in a row: properties of ZFS, jobs with their logs, trees of devices. */
const WIDE_FIELDS = new Set(
  'active_workloads arguments attributes devices event_data job logs_excerpt properties result topology'.split(
    ' ',
  ),
);

/** Rows to ask for: what the options say, as far as rows of this width may be asked for at once. */
export function rowLimit(options: Readonly<Record<string, unknown>>): number {
  const asked = options['limit'];
  // On a NAS 0 means all rows; nothing asks for all.
  const select: unknown[] = Array.isArray(options['select']) ? options['select'] : [];
  const width = select.reduce((sum: number, path) => sum + widthOf(path), 0) || WHOLE_ROW_FIELDS;
  const most = Math.min(MAX_LIMIT, Math.max(1, Math.floor(MAX_FIELDS / width)));
  if (typeof asked === 'number' && asked > 0) return Math.min(Math.floor(asked), most);
  return Math.min(select.length > 0 ? DEFAULT_LIMIT_SELECTED : DEFAULT_LIMIT, most);
}

function widthOf(path: unknown): number {
  return WIDE_FIELDS.has(topOf(String(path))) ? WIDE_FIELD_FIELDS : 1;
}

/** The field of a row that a dotted path leads into. */
export function topOf(path: string): string {
  return path.split('.')[0] ?? path;
}
