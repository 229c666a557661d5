/** The simulated NAS offers what its release has, to whom that release grants it, and takes the arguments it takes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod';
import { paramsOf } from '../../src/schema/arguments.ts';
import { isCliPrivate } from '../../src/calls/cli-private.ts';
import { methodsOf as allMethodsOf } from '../../src/calls/registry.ts';
import { isLegacyMethod } from '../../src/schema/legacy-methods.ts';
import { modelName } from '../../src/schema/schema.ts';
import type { SimMethod } from '../../src/calls/method.ts';
import { NAS_EVENTS, NAS_METHODS } from '../../src/methods/index.ts';
import { isAtLeast, SIM_RELEASES, type SimRelease } from '../../src/releases.ts';
import { describeContract, hasContract, loadContract } from '../support/contract.ts';
import { disagreement, mutatedParams, validParams } from '../support/schema-arbitrary.ts';

const RUNS = 8;

function methodsOf(release: SimRelease): SimMethod[] {
  return NAS_METHODS.filter(({ releases }) => releases?.includes(release) ?? true);
}

/** Name of the model that a schema refers to; `none` for what is no model. */
function modelOf(reference: string | undefined): string {
  return reference?.replace('#/$defs/', '') ?? 'none';
}

function ownModelOf(schema: z.core.$ZodType): string {
  const { innerType } = schema._zod.def as { innerType?: z.core.$ZodType };
  return modelName(schema) ?? (innerType === undefined ? 'none' : ownModelOf(innerType));
}

describeContract('the simulated NAS', () => {
  describe.each(SIM_RELEASES)('of %s', (release) => {
    const methods = methodsOf(release);
    const contract = hasContract ? loadContract(release) : null;

    test('has no method that the release lacks', () => {
      const unknown = methods.map(({ name }) => name).filter((name) => contract?.methods[name] === undefined);
      expect(unknown).toEqual([]);
    });

    test('has every method that it has on another release, if the contract does', () => {
      const offered = new Set(methods.map(({ name }) => name));
      const elsewhere = new Set(NAS_METHODS.map(({ name }) => name));
      const missing = [...elsewhere].filter(
        (name) => contract?.methods[name] !== undefined && !offered.has(name),
      );
      expect(missing).toEqual([]);
    });

    test('tells jobs, queries and sign-in needs as the contract does', () => {
      const differences = methods.flatMap((method) => {
        const known = contract?.methods[method.name];
        if (known === undefined) return [];
        const ours = `${String(method.job !== undefined)} ${String(method.filterable === true)} ${method.auth ?? 'role'}`;
        const auth = !known.authentication_required
          ? 'none'
          : known.authorization_required
            ? 'role'
            : 'login';
        const isQuery = known.filterable && known.params.some(({ name }) => name.endsWith('filters'));
        const theirs = `${String(known.job)} ${String(isQuery)} ${auth}`;
        return ours === theirs ? [] : [`${method.name}: ${ours}, contract ${theirs}`];
      });
      expect(differences).toEqual([]);
    });

    test('audits what the contract audits', () => {
      const differences = methods.flatMap(({ name, audited, auditedSince }) => {
        const ours =
          audited !== undefined && (auditedSince === undefined || isAtLeast(release, auditedSince));
        return ours === (contract?.methods[name]?.audited ?? ours) ? [] : [`${name}: ${String(ours)}`];
      });
      expect(differences).toEqual([]);
    });

    test('grants each method to the roles of the contract', () => {
      const differences = methods.flatMap((method) => {
        const ours = [...(method.roles ?? [])].sort().join(' ');
        const theirs = [...(contract?.methods[method.name]?.roles ?? [])].sort().join(' ');
        return ours === theirs ? [] : [`${method.name}: [${ours}], contract [${theirs}]`];
      });
      expect(differences).toEqual([]);
    });

    test('knows which methods 25.04 checks by its older validator', () => {
      const known = Object.entries(contract?.methods ?? {}).map(([name, { legacy_schema: isLegacy }]) => [
        name,
        release === '25.04' && isLegacy === true,
      ]);
      const simulated = new Set(allMethodsOf(release).keys());
      const differences = known.filter(
        ([name, isLegacy]) =>
          simulated.has(String(name)) && (release === '25.04' && isLegacyMethod(String(name))) !== isLegacy,
      );
      expect(differences).toEqual([]);
    });

    test('tells the command line of the methods that the contract does', () => {
      const differences = methods.filter(({ name }) => {
        const namespace = name.slice(0, name.lastIndexOf('.'));
        const isHidden =
          contract?.services[namespace]?.['cli_private'] === true ||
          contract?.methods[name]?.cli_private === true;
        return isCliPrivate(name, release) !== isHidden;
      });
      expect(differences.map(({ name }) => name)).toEqual([]);
    });

    test('names parameters and models as the contract does: they stand in error texts', () => {
      const differences = methods.flatMap((method) => {
        const known = contract?.methods[method.name];
        if (known === undefined || known.legacy_schema === true) return [];
        const items = (known.accepts.prefixItems ?? []) as { $ref?: string }[];
        return paramsOf(method, release).flatMap(([name, schema], index) => {
          const theirs = `${known.params[index]?.name} ${modelOf(items[index]?.$ref)}`;
          const ours = `${name} ${ownModelOf(schema)}`;
          return ours === theirs ? [] : [`${method.name}: ${ours}, contract ${theirs}`];
        });
      });
      expect(differences).toEqual([]);
    });

    test('has no event that the release lacks', () => {
      const offered = NAS_EVENTS.filter(({ releases }) => releases?.includes(release) ?? true);
      const unknown = offered.map(({ name }) => name).filter((name) => contract?.events[name] === undefined);
      // 25.04 declares its sources in its older schema style, which the contract did not collect.
      const sources = ['reporting.realtime', 'filesystem.file_tail_follow', 'app.container_log_follow'];
      expect(unknown).toEqual(release === '25.04' ? sources : []);
    });

    const withArguments = methods.filter((method) => paramsOf(method, release).length > 0);

    test.each(withArguments.map((method) => [method.name, method] as const))(
      '%s takes and refuses the arguments that the contract does',
      (name, method) => {
        const check = (params: unknown[]): void => {
          expect(disagreement(release, method, params)).toBeNull();
        };
        fc.assert(fc.property(validParams(release, name), check), { numRuns: RUNS, seed: 7 });
        fc.assert(fc.property(mutatedParams(release, name), check), { numRuns: RUNS * 2, seed: 11 });
      },
    );
  });
});
