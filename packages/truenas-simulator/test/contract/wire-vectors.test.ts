/** Every recorded frame of the real handler is answered alike: code, errno, fields, closing, and the handler's own texts. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { SimRelease } from '../../src/releases.ts';
import { finishedJob } from '../support/jobs.ts';
import { describeContract } from '../support/contract.ts';
import { type RawConnection, withSimulator } from '../support/simulator.ts';
import { parseExactly } from '../support/exact-json.ts';
import {
  notificationDifferences,
  type Reply,
  replyDifferences,
  WIRE_VECTORS,
  type WireCase,
} from '../support/wire-vectors.ts';
import { KNOWN_DIFFERENCES } from './wire-differences.ts';

/** Releases that were recorded, and what simulates them: the betas of 26.0 were renamed 27.0. */
const SIMULATED = { '25.04': '25.04', '25.10': '25.10', '26.0': '27.0' } as const satisfies Record<
  string,
  SimRelease
>;
const RELEASES = ['25.04', '25.10', '26.0'] as const;

/** Asked after a frame that is to have no answer: whatever was on its way comes before this. */
const MARKER = '{"jsonrpc":"2.0","id":"marker","method":"core.set_options","params":[{}]}';

describeContract('frames of the real handler', () => {
  describe.each(RELEASES)('%s', (release) => {
    const nas = withSimulator({ release: SIMULATED[release] });
    describe.each(['anonymous', 'administrator'] as const)('%s', (session) => {
      const cases = WIRE_VECTORS.cases.filter((each) => each.release === release && each.session === session);
      let connection: RawConnection;

      beforeAll(async () => {
        if (release === '25.04') await exportPools(await nas.connect());
        connection = await nas.connect({ isSignedIn: session === 'administrator' });
      });

      it.each(cases.map((each) => [each.name, each] as const))('%s', async (_name, wire) => {
        const known = KNOWN_DIFFERENCES.find(
          ({ name, releases }) =>
            name === `${session}: ${wire.name}` && (releases?.includes(release) ?? true),
        );
        const differences = await exchange(connection, wire);
        expect(verdict(differences, known?.reason)).toBe('as recorded, or as listed');
      });
    });
  });

  it('every known difference is about a recorded frame', () => {
    const names = new Set(WIRE_VECTORS.cases.map(({ session, name }) => `${session}: ${name}`));
    expect(KNOWN_DIFFERENCES.filter(({ name }) => !names.has(name))).toEqual([]);
  });
});

/** The recorded 25.04 had no pool. */
async function exportPools(admin: RawConnection): Promise<void> {
  for (const { id } of await admin.call('pool.query', [])) {
    await finishedJob(admin, await admin.call('pool.export', [id]));
  }
}

/** What is wrong: differences that nobody knows of, or a known one that is none any more. */
function verdict(differences: readonly string[], reason: string | undefined): string {
  if (reason === undefined && differences.length > 0) return differences.join('\n');
  if (reason !== undefined && differences.length === 0) return `no longer differs: ${reason}`;
  return 'as recorded, or as listed';
}

/** Sends a frame and compares all that follows. */
async function exchange(connection: RawConnection, wire: WireCase): Promise<string[]> {
  const start = connection.texts.length;
  const notices = wire.notifications ?? [];
  connection.send(wire.send);
  if (wire.closed === true) {
    const { code } = await connection.closed;
    return code === wire.code ? [] : [`closed with ${code} instead of ${wire.code}`];
  }
  if (wire.reply.length + notices.length === 0) {
    const from = connection.frames.length;
    connection.send(MARKER);
    await connection.frame((frame) => frame.id === 'marker' && connection.frames.indexOf(frame) >= from);
    return connection.texts.slice(start, -1);
  }
  await countReached(connection, start + wire.reply.length + notices.length);
  const frames = connection.texts
    .slice(start)
    .map((text) => parseExactly(text) as Reply & { method?: string });
  const replies = frames.filter((frame) => frame.method === undefined);
  const told = frames.filter((frame) => frame.method !== undefined);
  return [
    ...wire.reply.flatMap((reply, index) => {
      const own = replies[index];
      return own === undefined ? ['no reply'] : replyDifferences(reply, own);
    }),
    ...notices.flatMap((notice, index) => {
      const own = told[index];
      return own === undefined ? ['no notification'] : notificationDifferences(notice, own);
    }),
  ];
}

async function countReached(connection: RawConnection, count: number): Promise<void> {
  while (connection.texts.length < count) {
    const seen = connection.texts.length;
    await connection.frame(() => connection.texts.length > seen);
  }
}
