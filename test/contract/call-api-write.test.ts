/** call_api_write over every method of every release: whatever it plans is read first, and never written. */
import { expect, it } from 'vitest';
import { InputProblem } from '../../src/output/problem.ts';
import { isReadable } from '../../src/policy/classes.ts';
import { callApiWrite } from '../../src/tools/api/call-api-write.ts';
import { exampleParams } from '../../src/tools/api/example.ts';
import { canonicalName } from '../../src/truenas/renames.ts';
import { Problem } from '../../src/truenas/problem.ts';
import { CONTRACT_RELEASES, describeContract } from '../support/contract.ts';
import { connect } from '../tools/api/support/connect.ts';

describeContract('call_api_write on the whole API', () => {
  it.each(CONTRACT_RELEASES)(
    'of %s plans or refuses each method, and sends nothing that writes',
    async (release) => {
      const { peer, readable } = await connect(release);
      const { methods } = await readable.catalog.all();
      const outcomes = { planned: 0, refused: 0 };
      const wrong: string[] = [];
      for (const { name } of methods) {
        const method = await readable.catalog.method(name);
        if (method === undefined) continue;
        const params = exampleParams(method.accepts);
        peer.forget();
        try {
          const change = await callApiWrite.plan(readable, { method: name, params }, { now: Date.now });
          outcomes.planned += 1;
          if (isReadable(method) && !method.isJob) wrong.push(`${name} only reads, and is planned`);
          if (change.calls[0].method !== canonicalName(name)) wrong.push(`${name} is planned as another`);
        } catch (error) {
          outcomes.refused += 1;
          if (!(error instanceof Problem)) wrong.push(`${name}: ${String(error)}`);
        }
        for (const sent of peer.calls()) {
          const entry = await readable.catalog.find(sent.method);
          if (entry !== undefined && !isReadable(entry) && !sent.method.startsWith('core.get_'))
            wrong.push(`${name}: planning sends ${sent.method}`);
        }
      }
      expect(wrong).toEqual([]);
      expect(outcomes.planned).toBeGreaterThan(100);
      expect(outcomes.refused).toBeGreaterThan(300);
    },
    60_000,
  );

  it('refuses a method that only another release has, and names what is near', async () => {
    const { readable } = await connect('25.10');
    const plan = callApiWrite.plan(readable, { method: 'container.creat', params: [{}] }, { now: Date.now });
    await expect(plan).rejects.toThrow(InputProblem);
    const { readable: newer } = await connect('27.0');
    const catalog = async () => newer.catalog;
    const gone = callApiWrite.plan(
      newer,
      { method: 'smart.test.create', params: [{}] },
      { now: Date.now, writerCatalog: catalog },
    );
    await expect(gone).rejects.toThrow(/smart.test.create is not a method that this NAS offers/u);
  });

  it.each(CONTRACT_RELEASES)('judges an app with privileged mounts as code on %s', async (release) => {
    const { readable } = await connect(release);
    const compose = { services: { a: { image: 'x', privileged: true, volumes: ['/:/host'] } } };
    const params = [{ app_name: 'x', custom_app: true, custom_compose_config: compose }];
    const change = await callApiWrite.plan(readable, { method: 'app.create', params }, { now: Date.now });
    const { judge } = await import('../../src/policy/risk/index.ts');
    expect(judge(change.calls).risk).toBe('executes');
  });
});
