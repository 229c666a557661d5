/** Names that someone who mistyped may have meant. */

/** Up to `max` of `names` that are near `wanted`, nearest first; empty when nothing is near. */
export function nearNames(wanted: string, names: Iterable<string>, max = 3): string[] {
  const target = wanted.toLowerCase();
  const scored: { name: string; distance: number }[] = [];
  for (const name of new Set(names)) {
    const distance = distanceBetween(target, name.toLowerCase());
    if (distance !== undefined) scored.push({ name, distance });
  }
  scored.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return scored.slice(0, max).map(({ name }) => name);
}

/** `did you mean "tank"?`, `did you mean "tank" or "tank2"?`; undefined without names. */
export function didYouMean(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const quoted = names.map((name) => JSON.stringify(name));
  const last = quoted.pop();
  return `did you mean ${quoted.length === 0 ? '' : `${quoted.join(', ')} or `}${last}?`;
}

/** Steps between two names; undefined when they are too far apart to be a slip. */
function distanceBetween(wanted: string, name: string): number | undefined {
  if (wanted === name) return 0;
  const longest = Math.max(wanted.length, name.length);
  const limit = Math.max(1, Math.floor(longest / 3));
  const edits = editDistance(wanted, name, limit);
  if (edits <= limit) return edits;
  // A part of a name is the next likely slip: `media` for `tank/media`.
  if (wanted.length >= 3 && name.includes(wanted)) return limit + 1 + (name.length - wanted.length) / 1000;
  return undefined;
}

/** Damerau-Levenshtein (adjacent swaps count one), given up above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    let best = row;
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? limit + 1;
}
