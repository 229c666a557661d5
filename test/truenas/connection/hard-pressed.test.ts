/** A NAS under many calls that refuses, forgets and drops some of them, from a seed: what must hold for each call. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isTrueNasError } from '../../../src/truenas/index.ts';
import { randomFrom } from '../../support/random.ts';
import { clientForTest, peerForTest } from '../support/client.ts';
import { defaultAnswer, NAS_TAKES, type PeerCall, SESSION_EXPIRED } from '../support/peer.ts';

const CALLS = 250;
const TOO_MANY = { code: -32000, message: 'Maximum number of concurrent calls (20) has exceeded' };

it.each([1, 2, 3, 4])(
  'seed %i: each call ends once and rightly, no write runs twice, and no place is lost',
  async (seed) => {
    const random = randomFrom(seed);
    const nasSide = { running: new Map<number, Set<number>>(), most: 0, writes: new Map<unknown, number>() };

    const answer = (call: PeerCall) => {
      const running = nasSide.running.get(call.connection) ?? new Set();
      nasSide.running.set(call.connection, running);
      running.add(call.id);
      nasSide.most = Math.max(nasSide.most, running.size);
      const end = (reply: () => void, afterMs = 0) => {
        setTimeout(() => {
          running.delete(call.id);
          reply();
        }, afterMs);
      };
      const [mark] = call.params;
      const fate = random();
      if (!call.method.startsWith('marked.')) {
        end(() => defaultAnswer(call), random() * 5);
      } else if (fate < 0.1) {
        end(() => call.error(TOO_MANY));
      } else {
        if (call.method === 'marked.create') nasSide.writes.set(mark, (nasSide.writes.get(mark) ?? 0) + 1);
        if (fate < 0.14) end(() => call.error(SESSION_EXPIRED));
        else if (fate < 0.16) call.socket.terminate();
        else if (fate < 0.2) end(() => call.raw(`{"jsonrpc":"2.0","id":${call.id}}`), random() * 10);
        else if (fate < 0.95) {
          end(() => {
            call.result(mark);
            if (fate < 0.22) call.result(mark);
          }, random() * 20);
        }
        // The rest is never answered.
      }
    };

    const peer = await peerForTest({ script: answer });
    const nas = clientForTest(
      peer.url,
      {},
      { heartbeatMs: 20, idlePingMs: 20, silentBeats: 50, signInsPerMinute: 1_000_000, stableAfterMs: 0 },
    );
    const impatient = Array.from({ length: 4 }, () => new AbortController());
    let ends = 0;
    const wrong: unknown[] = [];

    const asked = Array.from({ length: CALLS }, async (_, mark) => {
      await sleep(random() * 300);
      const timeoutMs = random() < 0.3 ? Math.ceil(random() * 30) : 400;
      const controller = random() < 0.4 ? impatient[mark % 4] : undefined;
      const options = { timeoutMs, signal: controller?.signal };
      if (controller !== undefined && random() < 0.1) setTimeout(() => controller.abort(), timeoutMs);
      const call =
        random() < 0.3
          ? nas.write.write('marked.create', [mark], options)
          : nas.read.call('marked.query', [mark], options);
      await call.then(
        (value) => {
          ends += 1;
          if (value !== mark) wrong.push({ mark, value });
        },
        (error: unknown) => {
          ends += 1;
          if (!isTrueNasError(error)) wrong.push({ mark, error });
        },
      );
    });
    await Promise.all(asked);

    expect({ ends, wrong }).toEqual({ ends: CALLS, wrong: [] });
    expect(nasSide.most).toBeLessThanOrEqual(NAS_TAKES);
    expect([...nasSide.writes].filter(([, times]) => times > 1)).toEqual([]);
    expect(nas.status().queued).toBe(0);
    const after = Array.from({ length: 2 * NAS_TAKES }, () => nas.read.call('core.ping'));
    expect(new Set(await Promise.all(after))).toEqual(new Set(['pong']));
  },
);
