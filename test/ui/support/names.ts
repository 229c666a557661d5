/** Finds in what a screen reader is told the things that it could not name. */

/** Roles that mean nothing without a name. */
const NAMED =
  /^\s*- (?:button|link|img|textbox|slider|checkbox|radio|combobox|table|figure|region|tab|group)\b(?! ")/u;

/** The lines of things without a name, and of headings that skip a level. */
export function namelessIn(spoken: string): readonly string[] {
  const lines = spoken.split('\n');
  let level = 0;
  const skipped = lines.filter((line) => {
    const next = Number(/- '?heading .*\[level=(\d)\]/u.exec(line)?.[1] ?? 0);
    if (next === 0) return false;
    const isSkip = next > level + 1;
    level = next;
    return isSkip;
  });
  // A disclosure takes its name from its summary, which is told within it.
  return [...lines.filter((line) => NAMED.test(line) && !/- group:?(?: |$)/u.test(line)), ...skipped];
}
