/** Wraps text for a terminal, as the help of the command line does. */

/** Lines of at most 92 characters, indented by six. */
export function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = '     ';
  for (const word of text.split(' ')) {
    if (line.length + word.length > 92) {
      lines.push(line);
      line = '     ';
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}
