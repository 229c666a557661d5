/** Texts that a NAS wrote for its web interface, as plain words. The result is not neutralised: see untrusted.ts. */

const MARKUP =
  /<\/?(?:a|b|br|code|div|em|h\d|i|img|li|ol|p|pre|script|span|strong|style|table|td|th|tr|ul)\b[^>]*>/giu;

/** Names of characters as far as messages use them: five are what Python's `html.escape` writes, the others what people do. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', ' '],
  ['rarr', '→'],
  ['larr', '←'],
  ['mdash', '—'],
  ['ndash', '–'],
  ['hellip', '…'],
  ['ldquo', '“'],
  ['rdquo', '”'],
  ['lsquo', '‘'],
  ['rsquo', '’'],
  ['bull', '•'],
  ['middot', '·'],
  ['deg', '°'],
  ['copy', '©'],
  ['times', '×'],
]);

const ENTITY = /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-zA-Z]{2,10}));/gu;

/** Without tags, and with each entity decoded once: what was written as `&amp;lt;` is the text `&lt;`. */
export function plainText(html: string): string {
  return html
    .replace(MARKUP, ' ')
    .replace(
      ENTITY,
      (entity, decimal: string | undefined, hex: string | undefined, name: string | undefined) =>
        name === undefined ? characterOf(entity, decimal, hex) : (NAMED.get(name) ?? entity),
    )
    .replace(/\s+/gu, ' ')
    .trim();
}

function characterOf(entity: string, decimal: string | undefined, hex: string | undefined): string {
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  const isCharacter = code > 0 && code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
  return isCharacter ? String.fromCodePoint(code) : entity;
}

const MARK = /%(?:\((\w{1,60})\)(?:\.(\d{1,2}))?([sdfgr])|%)/gu;

/** A template of Python's form (`%(dataset)s is %(used).2f%% full`) with its arguments; one that is missing is `-`. */
export function filledTemplate(template: string, values: Readonly<Record<string, unknown>>): string {
  if (!template.includes('%(')) return template;
  return template.replace(MARK, (_, name: string | undefined, digits: string | undefined) =>
    name === undefined ? '%' : valueText(Object.hasOwn(values, name) ? values[name] : undefined, digits),
  );
}

function valueText(value: unknown, digits: string | undefined): string {
  if (typeof value === 'number') return digits === undefined ? String(value) : value.toFixed(Number(digits));
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '-';
}
