/** What changes in a file, line by line; what stays is not shown, as it may hold secrets of others. */

/** `-` and `+`, each run of them with the number of its first line; empty when nothing changes. */
export function linesThatChange(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  return runsOf(old, now).flatMap(({ line, ...changed }) => {
    const shown = withoutShared(changed);
    return [
      `@ line ${line}`,
      ...shown.gone.map((text) => `- ${text}`),
      ...shown.come.map((text) => `+ ${text}`),
    ];
  });
}

/** Lines that go and come at one place. */
interface Changed {
  readonly gone: readonly string[];
  readonly come: readonly string[];
}

function runsOf(old: readonly string[], now: readonly string[]): (Changed & { readonly line: number })[] {
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end))
    end += 1;
  const gone = old.slice(start, old.length - end);
  const come = now.slice(start, now.length - end);
  if (gone.length + come.length === 0) return [];
  const common = commonRun(gone, come);
  if (common.length === 0) return [{ line: start + 1, gone, come }];
  // An entry that moves to the end of its file: what it passes stays.
  const { inGone, inCome, length } = common;
  const later = start + inCome + length;
  return [
    ...runsOf(gone.slice(0, inGone), come.slice(0, inCome)).map((run) => ({
      ...run,
      line: run.line + start,
    })),
    ...runsOf(gone.slice(inGone + length), come.slice(inCome + length)).map((run) => ({
      ...run,
      line: run.line + later,
    })),
  ];
}

/** The longest run of lines that both have; length 0 when there is none. */
function commonRun(gone: readonly string[], come: readonly string[]) {
  let best = { inGone: 0, inCome: 0, length: 0 };
  let above = new Map<number, number>();
  for (const [inGone, line] of gone.entries()) {
    const here = new Map<number, number>();
    for (const [inCome, other] of come.entries()) {
      if (other !== line) continue;
      const length = (above.get(inCome - 1) ?? 0) + 1;
      here.set(inCome, length);
      if (length > best.length) best = { inGone: inGone - length + 1, inCome: inCome - length + 1, length };
    }
    above = here;
  }
  return best;
}

/** Leaves out what the first lines begin with and the last ones end in, where other entries stand in it. */
function withoutShared({ gone, come }: Changed): Changed {
  const [first = '', firstNow = ''] = [gone[0], come[0]];
  let head = 0;
  while (head < Math.min(first.length, firstNow.length) && first[head] === firstNow[head]) head += 1;
  if (!/[{[].*[:=,]/.test(first.slice(0, head))) head = 0;
  const [last = '', lastNow = ''] = [gone.at(-1), come.at(-1)];
  // What is left out at the beginning of an only line is not left out twice.
  const room = Math.min(
    last.length - (gone.length === 1 ? head : 0),
    lastNow.length - (come.length === 1 ? head : 0),
  );
  let tail = 0;
  while (tail < room && last.at(-1 - tail) === lastNow.at(-1 - tail)) tail += 1;
  if (!/[:=,].*[}\]]/.test(last.slice(last.length - tail))) tail = 0;
  return { gone: cut(gone, head, tail), come: cut(come, head, tail) };
}

function cut(lines: readonly string[], head: number, tail: number): string[] {
  return lines.map((line, index) => {
    const isFirst = index === 0 && head > 0;
    const isLast = index === lines.length - 1 && tail > 0;
    const shown = line.slice(isFirst ? head : 0, isLast ? line.length - tail : undefined);
    return `${isFirst ? '…' : ''}${shown}${isLast ? '…' : ''}`;
  });
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
