/** The api tools over a real connection to a peer that plays the whole API of a release. */
import { afterAll, expect } from 'vitest';
import { catalogOf, readableClient } from '../../../../src/access/readable-client.ts';
import { cleanClient } from '../../../../src/access/redacted-client.ts';
import { meantArguments } from '../../../../src/output/meant-arguments.ts';
import { InputProblem, problemText } from '../../../../src/output/problem.ts';
import { createRedactor } from '../../../../src/output/redact/redactor.ts';
import { callApiRead } from '../../../../src/tools/api/call-api-read.ts';
import { describeApi } from '../../../../src/tools/api/describe-api.ts';
import { searchApi } from '../../../../src/tools/api/search-api.ts';
import { openTrueNas, silentLog } from '../../../../src/truenas/index.ts';
import { type ContractPeerOptions, startContractPeer } from '../../../support/contract-peer.ts';
import type { ContractRelease } from '../../../support/contract.ts';

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

/** A peer of a release, and the three tools over a real connection to it. */
export async function connect(release: ContractRelease, options: Omit<ContractPeerOptions, 'release'> = {}) {
  const peer = await startContractPeer({ release, ...options });
  const { url, apiKey, username } = peer;
  const nas = openTrueNas({ url, apiKey, username, tls: {}, timeoutMs: 20_000, log: silentLog });
  closing.push(
    () => peer.close(),
    () => nas.close(),
  );
  // As mcp/run.ts makes it.
  const readable = readableClient(cleanClient(nas.read, createRedactor({ ownSecrets: [apiKey] })), {
    catalog: catalogOf(nas.read),
  });
  const context = { now: Date.now };
  return {
    peer,
    readable,
    search: (query: string) => searchApi.run(readable, searchApi.input.parse({ query }), context),
    describe: (args: object) => describeApi.run(readable, describeApi.input.parse(args), context),
    read: (args: object, budgetTokens?: number) =>
      callApiRead.run(readable, callApiRead.input.parse(meantArguments(callApiRead.input, args)), {
        ...context,
        budgetTokens,
      }),
  };
}

/** The text of the problem that the work ends in. */
export const reason = async (work: Promise<unknown>): Promise<string> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InputProblem);
  return problemText(error);
};
