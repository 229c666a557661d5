/** What changes in a file, line by line; lines that stay are not shown, as they may hold secrets of others. */

/** `-` and `+` with the number of the first line; empty when nothing changes. */
export function linesThatChange(before: string, after: string): string[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end))
    end += 1;
  const gone = old.slice(start, old.length - end);
  const come = now.slice(start, now.length - end);
  if (gone.length + come.length === 0) return [];
  return [`@ line ${start + 1}`, ...gone.map((line) => `- ${line}`), ...come.map((line) => `+ ${line}`)];
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
