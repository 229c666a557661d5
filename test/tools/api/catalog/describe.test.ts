import { Ajv2020 } from 'ajv/dist/2020.js';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, it } from 'vitest';
import { isReadable } from '../../../../src/policy/classes.ts';
import { describe as describeMethod } from '../../../../src/tools/api/describe-api.ts';
import { exampleParams } from '../../../../src/tools/api/example.ts';
import type { ApiMethod } from '../../../../src/truenas/catalog/index.ts';
import { normaliseMethod } from '../../../../src/truenas/catalog/normalise.ts';
import {
  acceptsProblems,
  CONTRACT_RELEASES,
  TRIED_RELEASES,
  type ContractRelease,
  describeContract,
} from '../../../support/contract.ts';
import { nasMethods } from '../../../support/nas-form.ts';

function methodsOf(release: ContractRelease): ApiMethod[] {
  return [...nasMethods(release)].flatMap(([name, published]) => normaliseMethod(name, published) ?? []);
}

describeContract('describe_api', () => {
  it.each(CONTRACT_RELEASES)('keeps every method of %s within 800 tokens', (release) => {
    const sizes = methodsOf(release).map((method) => ({
      name: method.name,
      tokens: countTokens(describeMethod(method).text),
    }));
    expect(sizes.filter(({ tokens }) => tokens > 800)).toEqual([]);
  });

  it('names the variants of a union by what tells them apart', () => {
    const create = methodsOf('27.0').filter(({ name }) => name === 'pool.dataset.create');
    const text = create.map((method) => describeMethod(method, 'data').text).join('\n');
    expect(text).toMatch(/^ *either FILESYSTEM/mu);
    expect(text).toMatch(/^ *either VOLUME/mu);
    expect(text).not.toContain('either STANDARD');
  });

  it.each(TRIED_RELEASES)('shows an example that the contract of %s accepts, for every method', (release) => {
    const wrong = methodsOf(release).flatMap((method) => {
      const params = exampleParams(method.accepts);
      const problems = acceptsProblems(release, method.name, params);
      return problems.length === 0
        ? []
        : [`${method.name} ${JSON.stringify(params)}: ${problems.join('; ')}`];
    });
    expect(wrong).toEqual([]);
  });

  it.each(['25.04', '28-dev'] as const)('compiles the schemas of every readable method of %s', (release) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const broken = methodsOf(release)
      .filter(isReadable)
      .flatMap((method) => {
        try {
          for (const { schema } of method.accepts) ajv.compile(schema);
          return [];
        } catch (error) {
          return [`${method.name}: ${String(error)}`];
        }
      });
    expect(broken).toEqual([]);
  });
});
