/**
 * Letters that look like others, for texts that a person decides on: an `а` of Cyrillic in `fаmily` makes another name of it. They
 * become visible escapes, as invisible characters do. Names in another script, `Фото` or `写真`, stay as they are.
 */

/**
 * The text with an escape such as `\u0430` for each letter and sign that would be taken for another one.
 * @param onEscape told of each escape
 */
export function withoutLookAlikes(text: string, onEscape: (shown: string) => void = () => {}): string {
  if (!BEYOND_ASCII.test(text)) return text;
  const isPlainlyForeign = TELLING.test(text);
  const escaped = (character: string): string => {
    const shown = escapeOf(character);
    onEscape(shown);
    return shown;
  };
  return text
    .replace(WORD, (word) => clearWord(word, isPlainlyForeign, escaped))
    .replace(SIGNS, escaped)
    .replace(DASH, escaped);
}

const BEYOND_ASCII = /[^\p{ASCII}]/u;
const WORD = /[\p{L}\p{M}\p{N}_]+/gu;

/** Scripts with letters that are drawn like Latin ones. */
const KIN =
  '\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Script=Armenian}\\p{Script=Cherokee}\\p{Script=Coptic}\\p{Script=Lisu}\\p{Script=Deseret}\\p{Script=Osage}\\p{Script=Georgian}\\p{Script=Glagolitic}';
/** Letters of theirs of which each passes for a Latin one. */
const TWINS = 'аеорсухіјѕһԁԛԝӏҽԍгвкмнтАВЕЅЗІЈКМНОРСТУХҮԌԜοανρτυικχγωσΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսոհցզԼՕՍᎪᎬᎻᎢᎡᏚᏔᏙ';

/** A letter that passes for no Latin one: the text around it is plainly of that script. */
const TELLING = new RegExp(`(?![${TWINS}])(?=\\p{L})[${KIN}]`, 'u');
const HAS_LATIN = /\p{Script=Latin}/u;
const FOREIGN = new RegExp(`[${KIN}]`, 'gu');
const TWINS_ALONE = new RegExp(`^[${TWINS}\\p{N}\\p{M}_]*$`, 'u');
/** Letters of phonetics and the like, which no name needs: `ɑ`, `ɡ`, `ǃ`. */
const PHONETIC = /[\u01C0-\u01C3\u0250-\u02FF\u1D00-\u1DBF\u2C60-\u2C7F\uA720-\uA7FF\uAB30-\uAB6F]/gu;
/** An accent that stands by itself after a Latin letter: the same looks have another name, in one character. */
const LOOSE_ACCENT = /(?<=[\p{Script=Latin}0-9_]\p{M}*)\p{M}/gu;
/** Letters and digits, the scripts of East Asia and the signs of units excepted, of which some are variants of others: `ａ`, `𝖺`. */
const MAYBE_VARIANT =
  /(?![µªº\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{Nd}]/gu;

function clearWord(word: string, isPlainlyForeign: boolean, escaped: (character: string) => string): string {
  if (!BEYOND_ASCII.test(word)) return word;
  const passesForLatin = HAS_LATIN.test(word) || (!isPlainlyForeign && TWINS_ALONE.test(word));
  return (passesForLatin ? word.replace(FOREIGN, escaped) : word)
    .replace(PHONETIC, escaped)
    .replace(LOOSE_ACCENT, escaped)
    .replace(MAYBE_VARIANT, (letter) => (letter.normalize('NFKC') === letter ? letter : escaped(letter)));
}

/** Signs that pass for those by which names and paths are told apart. */
const SIGNS =
  /[\u02D0\u0589\u05C3\u2010-\u2012\u2024\u2043\u2044\u2212\u2215\u2216\u2236\u29F5\u29F8\u3002\uA789\uFE52\uFE55\uFE63\uFE68\uFF0D-\uFF0F\uFF1A\uFF20\uFF3C\uFF3F]/gu;
/** Within a sentence a dash stands between blanks. */
const DASH = /(?<=[\p{L}\p{N}])[\u2013\u2014](?=[\p{L}\p{N}])/gu;

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
