/** JSON as Python writes it: NaN and integers of any size keep what JSON.parse would lose. */

const TOKEN = /"(?:\\.|[^"\\])*"|-?\bNaN\b|-?\b\d{16,}\b(?![.eE])/g;

/** Parses text; NaN and integers of more than 15 digits come as text that begins with `#`. @throws SyntaxError */
export function parseExactly(text: string): unknown {
  return JSON.parse(text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"#${token}"`)));
}
