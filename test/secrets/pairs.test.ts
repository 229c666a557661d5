/** A secret's name and its value side by side, in objects and in texts of all notations. */
import { describe, expect, test } from 'vitest';
import { createRedactor, REDACTED } from '../../src/output/redact/redactor.ts';
import { areTakenOut, PLAIN, stayAsTheyAre } from './support/taken-out.ts';

const redactor = createRedactor({ ownSecrets: [] });

test.each<[name: string, value: unknown]>([
  ['name and value', { name: 'DB_PASSWORD', value: PLAIN }],
  ['value and name', { value: PLAIN, name: 'DB_PASSWORD' }],
  ['key and val', { key: 'apitoken', val: PLAIN }],
  ['capital letters', { Name: 'DB_PASSWORD', Value: PLAIN }],
  ['one letter each', { k: 'DB_PASSWORD', v: PLAIN }],
  ['a header', { header: 'Authorization', value: `Bearer ${PLAIN}` }],
  ['a header of its own', { name: 'X-Api-Key', value: PLAIN }],
  ['a cookie', { name: 'Set-Cookie', value: `sid=${PLAIN}` }],
  ['a field', { field: 'bindpw', values: [PLAIN] }],
  ['a parameter', { parameter: 'smtp/password', value: PLAIN }],
  ['a property', { property: 'auth', type: 'string', value: PLAIN }],
  ['a setting', { setting: 'APP_KEY', old_value: PLAIN, new_value: `${PLAIN}2` }],
  ['an attribute', { attribute: 'userPassword', data: PLAIN }],
  ['an id', { id: 'client_secret', description: 'of the app', default: PLAIN }],
  ['lists of two', [['Authorization', `Bearer ${PLAIN}`]]],
  [
    'lists of two, of variables',
    {
      env: [
        ['PORT', '80'],
        ['DB_PASSWORD', PLAIN],
      ],
    },
  ],
  ['a variable in one text', { env: [`DB_PASSWORD=${PLAIN}`] }],
])('%s are taken for a pair', (_name, value) => {
  for (const clean of [redactor.value(value), redactor.value(value, { method: 'x.query' })]) {
    expect(JSON.stringify(clean)).not.toContain(PLAIN);
    expect(JSON.stringify(clean)).toContain(REDACTED);
  }
});

test.each<[name: string, value: unknown]>([
  ['the choices of a form', { name: 'PASSWORD', value: 'PASSWORD' }],
  ['a method', { name: 'auth', value: 'CHAP' }],
  ['a dataset', { name: 'tank/secrets', value: 'plain' }],
  ['a property of a dataset', { name: 'keylocation', value: 'prompt', rawvalue: 'prompt' }],
  ['names of fields', { order: ['password', 'username'], select: ['token', 'name'] }],
  ['a harmless name', { name: 'PORT', value: '80' }],
])('%s is no pair', (_name, value) => {
  expect(redactor.value([value], { method: 'x.query' })).toEqual([value]);
});

describe('a pair in a text', () => {
  areTakenOut([
    ['in YAML', `env:\n  - name: DB_PASSWORD\n    value: ${PLAIN}\n  - name: PORT\n    value: 80`, PLAIN],
    ['in YAML, one level', `- name: DB_PASSWORD\n  value: ${PLAIN}`, PLAIN],
    ['in YAML in quotes', `- name: "DB_PASSWORD"\n  value: "${PLAIN}"`, PLAIN],
    ['in YAML in single quotes', `- name: 'DB_PASSWORD'\n  value: '${PLAIN}'`, PLAIN],
    ['in YAML of several words', `- name: DB_PASSWORD\n  value: two ${PLAIN}, words`, `${PLAIN}, words`],
    ['in YAML, the value first', `- value: ${PLAIN}\n  name: DB_PASSWORD`, PLAIN],
    ['in YAML with another field', `- name: DB_PASSWORD\n  description: of the db\n  value: ${PLAIN}`, PLAIN],
    ['in YAML as a block', `- name: DB_PASSWORD\n  value: |\n    ${PLAIN}\n    more\n- name: x`, PLAIN],
    ['in YAML as a folded block', `  - name: DB_PASSWORD\n    value: >-\n      ${PLAIN}`, PLAIN],
    ['in YAML with another key', `- key: apitoken\n  value: ${PLAIN}`, PLAIN],
    ['in YAML of a variable', `- variable: dbPassword\n  default: ${PLAIN}`, PLAIN],
    ['in YAML with a comment', `- name: DB_PASSWORD # of it\n  value: ${PLAIN}`, PLAIN],
    ['in YAML with escaped line breaks', `{"x": "- name: DB_PASSWORD\\n  value: ${PLAIN}\\n"}`, PLAIN],
    ['in a flow of YAML', `env: [{name: DB_PASSWORD, value: ${PLAIN}}, {name: PORT, value: 80}]`, PLAIN],
    ['in a flow of YAML, the value first', `{value: ${PLAIN}, name: DB_PASSWORD}`, PLAIN],
    ['in JSON', `x {"name":"DB_PASSWORD","value":"${PLAIN}"} y`, PLAIN],
    ['in JSON on lines', `{\n  "name": "DB_PASSWORD",\n  "value": "${PLAIN}"\n}`, PLAIN],
    ['in JSON with another field', `x {"name":"DB_PASSWORD","type":"string","value":"${PLAIN}"}`, PLAIN],
    ['in JSON, the value first', `x {"value":"${PLAIN}","type":"s","name":"DB_PASSWORD"}`, PLAIN],
    ['in JSON with a quote in it', `x {"name":"DB_PASSWORD","value":"a\\"${PLAIN}"}`, PLAIN],
    ['in JSON of a list', `x {"name":"DB_PASSWORD","values":["${PLAIN}"]}`, PLAIN],
    ['in JSON in JSON', `x {\\"name\\":\\"DB_PASSWORD\\",\\"value\\":\\"${PLAIN}\\"}`, PLAIN],
    ['in Python', `[{'name': 'DB_PASSWORD', 'value': '${PLAIN}'}]`, PLAIN],
    ['as arguments of Python', `Env(name='DB_PASSWORD', value='${PLAIN}')`, PLAIN],
    ['in TOML', `[[env]]\nname = "DB_PASSWORD"\nvalue = "${PLAIN}"`, PLAIN],
    ['in XML', `<env><name>DB_PASSWORD</name><value>${PLAIN}</value></env>`, PLAIN],
    ['in XML on lines', `<name>DB_PASSWORD</name>\n  <value>${PLAIN}</value>`, PLAIN],
    ['in a property list', `<key>ApiToken</key>\n<string>${PLAIN}</string>`, PLAIN],
    ['in an element with a name', `<property name="db.password">${PLAIN}</property>`, PLAIN],
    ['in an element with a key', `<entry type="x" key="apitoken">${PLAIN}</entry>`, PLAIN],
    ['in attributes', `<add key="DbPassword" kind="x" value="${PLAIN}"/>`, PLAIN],
    ['in attributes, the value first', `<add value='${PLAIN}' key='DbPassword'/>`, PLAIN],
    [
      'in a template',
      `<Config Name="DB" Target="MYSQL_PASSWORD" Default="" Mode="">${PLAIN}</Config>`,
      PLAIN,
    ],
  ]);

  stayAsTheyAre([
    ['a pair in YAML', '- name: PORT\n  value: 8080\n- name: PASSWORD_FILE\n  value: /run/secret'],
    ['the next item', '- name: DB_PASSWORD\n  valueFrom: x\n- name: PORT\n  value: 8080'],
    ['a reference', '- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db\n      key: x'],
    ['a pair in JSON', 'x {"name":"tank/secrets","value":"plain"} y'],
    ['XML', '<name>tank</name><value>5</value>'],
  ]);

  test('leaves the rest of its notation as it is', () => {
    expect(
      redactor.text(`- name: DB_PASSWORD\n  value: |\n    ${PLAIN}\n    more\n- name: PORT\n  value: 80`),
    ).toBe(`- name: DB_PASSWORD\n  value: |\n    ${REDACTED}\n- name: PORT\n  value: 80`);
    expect(redactor.text(`[{name: DB_PASSWORD, value: ${PLAIN}}, {name: PORT, value: 80}]`)).toBe(
      `[{name: DB_PASSWORD, value: ${REDACTED}}, {name: PORT, value: 80}]`,
    );
    expect(redactor.text(`x {"name":"DB_PASSWORD","value":"${PLAIN}","n":1} y`)).toBe(
      `x {"name":"DB_PASSWORD","value":"${REDACTED}","n":1} y`,
    );
  });
});
