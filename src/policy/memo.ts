/** Remembers what a judgement said of a text. */

/** The same function, which remembers what it said of short texts; call it only with what has no other inputs. */
export function remembered<Value>(judge: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined || known.has(text)) return before as Value;
    const value = judge(text);
    // The tools' own names are few; what callers make up is bounded.
    if (known.size >= MOST_REMEMBERED) known.clear();
    if (text.length <= LONGEST_REMEMBERED) known.set(text, value);
    return value;
  };
}

const MOST_REMEMBERED = 2000;
const LONGEST_REMEMBERED = 120;
