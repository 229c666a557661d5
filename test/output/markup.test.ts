import { expect, test } from 'vitest';
import { filledTemplate, plainText } from '../../src/output/markup.ts';

test.each([
  ['<p>one</p><ul><li>two</li><li>three</li></ul>', 'one two three'],
  ['It&#x27;s &#8594; here&nbsp;now', "It's → here now"],
  ['&amp;lt;b&amp;gt;', '&lt;b&gt;'],
  ['5 < 6 > 4, AT&T &unknown; &#0; &#xD800;', '5 < 6 > 4, AT&T &unknown; &#0; &#xD800;'],
])('%j is read as %j', (html, text) => {
  expect(plainText(html)).toBe(text);
});

test.each([
  ['%(dataset)s is %(used).1f%% full', { dataset: 'tank', used: 92.54 }, 'tank is 92.5% full'],
  ['%(gone)s and %(__proto__)s', {}, '- and -'],
  ['100%% of nothing', {}, '100%% of nothing'],
])('the template %j with %j is %j', (template, values, text) => {
  expect(filledTemplate(template, values)).toBe(text);
});
