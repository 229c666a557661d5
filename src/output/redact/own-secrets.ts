/** Removes our own credentials from texts: whole, in part, in any letter case, and in the usual encodings. */
import { secretHalf } from '../../truenas/api-key.ts';

/** One encoding of a secret. A run of `piece` characters of it is never chance. */
interface Form {
  readonly text: string;
  readonly piece: number;
  /** Adjacent characters that go with it, as in Base64 of more than the secret. */
  readonly neighbours?: RegExp;
}

/** Replaces our own secrets in texts. */
export interface OwnScrubber {
  /** True when every text that holds one of them is suspicious (suspicion.ts). */
  readonly isConspicuous: boolean;
  text(text: string): string;
}

/** Makes a scrubber for `secrets`. Those shorter than eight characters are left out: they would match by chance. */
export function ownSecretScrubber(secrets: readonly string[], replacement: string): OwnScrubber {
  const known = secrets.filter((secret) => secret.length >= MIN_LENGTH);
  const isConspicuous = known.every((secret) => /^[A-Za-z0-9]{32,}$/u.test(secretHalf(secret) ?? secret));
  return { isConspicuous, text: scrubber(known.flatMap(formsOf), replacement) };
}

function scrubber(forms: readonly Form[], replacement: string): (text: string) => string {
  if (forms.length === 0) return (text) => text;
  const pieces = piecesOf(forms);
  const finder = new RegExp([...pieces.keys()].sort(longestFirst).map(escaped).join('|'), 'gu');

  return (text) => {
    if (text.length < MIN_LENGTH) return text;
    const lower = lowered(text);
    let output = '';
    let done = 0;
    finder.lastIndex = 0;
    for (let found = finder.exec(lower); found !== null; found = finder.exec(lower)) {
      const [start, end] = widest(lower, found.index, pieces.get(found[0]) ?? []);
      // Adjacent parts become one mark.
      if (start > done || done === 0) output += text.slice(done, start) + replacement;
      done = end;
      finder.lastIndex = end;
    }
    return done === 0 ? text : output + text.slice(done);
  };
}

const MIN_LENGTH = 8;

/** In small letters. Lowering a letter beyond ASCII may change the length of a text, so those stay. */
function lowered(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}

function formsOf(secret: string): Form[] {
  // The number before the dash of an API key is no secret, but is removed with it.
  const core = secretHalf(secret) ?? secret;
  // A part of a chosen secret may be an ordinary word; a part of a random one is not.
  const isRandom =
    core.length >= 24 && /\d/u.test(core) && /[A-Za-z]/u.test(core) && /^[\w+/=-]+$/u.test(core);
  const form = (text: string, piece: number, neighbours?: RegExp): Form => ({
    text: text.toLowerCase(),
    piece: isRandom ? piece : text.length,
    ...(neighbours === undefined ? {} : { neighbours }),
  });
  const bytes = Buffer.from(core);
  const base64 = [0, 1, 2].map((shift) => innerBase64(bytes, shift));
  const written = new Set([secret, core, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  return [
    ...[...written].map((text) => form(text, 8)),
    ...base64.flatMap((text) =>
      [...new Set([text, text.replaceAll('+', '-').replaceAll('/', '_')])].map((each) =>
        form(each, 12, BASE64),
      ),
    ),
    form(bytes.toString('hex'), 16),
    form(bytes.toString('hex').replace(/../gu, '%$&'), 24),
  ].filter(({ text }) => text.length >= MIN_LENGTH);
}

const BASE64 = /[a-z0-9+/=_-]/u;

/** The Base64 of `bytes`, `shift` bytes into a triple, without the ends that depend on their neighbours. */
function innerBase64(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/u, '');
  const isCut = (shift + bytes.length) % 3 !== 0;
  return text.slice(shift === 0 ? 0 : shift + 1, isCut ? -1 : undefined);
}

interface Place {
  readonly form: Form;
  readonly offset: number;
}

/** Pieces of the forms: any part of a form that is twice as long as a piece holds one. */
function piecesOf(forms: readonly Form[]): Map<string, Place[]> {
  const pieces = new Map<string, Place[]>();
  for (const form of forms) {
    const last = form.text.length - form.piece;
    for (let offset = 0; offset <= last; offset += form.piece) add(form, offset);
    if (last % form.piece !== 0) add(form, last);
  }
  return pieces;

  function add(form: Form, offset: number): void {
    const piece = form.text.slice(offset, offset + form.piece);
    const places = pieces.get(piece);
    if (places === undefined) pieces.set(piece, [{ form, offset }]);
    else places.push({ form, offset });
  }
}

/** Extends a match to both sides as far as text and secret agree. */
function widest(text: string, index: number, places: readonly Place[]): [start: number, end: number] {
  let start = index;
  let end = index;
  for (const { form, offset } of places) {
    let left = 0;
    while (left < offset && text[index - left - 1] === form.text[offset - left - 1]) left += 1;
    let right = form.piece;
    while (offset + right < form.text.length && text[index + right] === form.text[offset + right]) right += 1;
    start = Math.min(start, index - left);
    end = Math.max(end, index + right);
    if (form.neighbours === undefined) continue;
    while (start > 0 && form.neighbours.test(text[start - 1] ?? '')) start -= 1;
    while (end < text.length && form.neighbours.test(text[end] ?? '')) end += 1;
  }
  return [start, end];
}

function longestFirst(a: string, b: string): number {
  return b.length - a.length;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}
