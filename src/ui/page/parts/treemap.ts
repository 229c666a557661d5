/** Divides a box among things by their size, each part as near to a square as it can be (Bruls, Huizing, van Wijk: squarified treemaps). */

/** A rectangle, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The parts, for items in the order of their size, largest first; those without a size are left out. */
export function squarified<Item>(
  items: readonly Item[],
  sizeOf: (item: Item) => number,
  whole: Box,
): readonly (Box & { readonly item: Item })[] {
  const sorted = items.filter((item) => sizeOf(item) > 0).toSorted((a, b) => sizeOf(b) - sizeOf(a));
  const total = sorted.reduce((sum, item) => sum + sizeOf(item), 0);
  const scale = (whole.width * whole.height) / total;
  const parts: (Box & { item: Item })[] = [];
  let rest = whole;
  let row: Item[] = [];
  const worst = (row: readonly Item[], side: number): number => {
    const areas = row.map((item) => sizeOf(item) * scale);
    const sum = areas.reduce((all, area) => all + area, 0);
    return Math.max(
      ...areas.map((area) => Math.max((side * side * area) / sum ** 2, sum ** 2 / (side * side * area))),
    );
  };
  const place = () => {
    const sum = row.reduce((all, item) => all + sizeOf(item) * scale, 0);
    const isWide = rest.width >= rest.height;
    const depth = sum / (isWide ? rest.height : rest.width);
    let at = isWide ? rest.y : rest.x;
    for (const item of row) {
      const length = (sizeOf(item) * scale) / depth;
      parts.push(
        isWide
          ? { item, x: rest.x, y: at, width: depth, height: length }
          : { item, x: at, y: rest.y, width: length, height: depth },
      );
      at += length;
    }
    rest = isWide
      ? { ...rest, x: rest.x + depth, width: rest.width - depth }
      : { ...rest, y: rest.y + depth, height: rest.height - depth };
    row = [];
  };
  for (const item of sorted) {
    const side = Math.min(rest.width, rest.height);
    if (row.length > 0 && worst([...row, item], side) > worst(row, side)) place();
    row.push(item);
  }
  if (row.length > 0) place();
  return parts;
}
