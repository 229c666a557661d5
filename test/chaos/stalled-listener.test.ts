/** A listener over HTTP that stops reading. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { McpServer } from '@modelcontextprotocol/server';
import { serveOnHttp } from '../../src/mcp/http/serve.ts';
import { MODERN } from '../support/eras.ts';
import { heldBytes } from '../support/garbage.ts';
import { keepingLog } from '../truenas/support/client.ts';

const TOKEN = 'abcdefghijklmnopqrstuvwxyz0123456789abcdef';

it('a client that stops reading does not grow the queue, and gets the last update once it reads again', async () => {
  let deliver: ((uri: string) => void) | undefined;
  const service = await serveOnHttp({
    factory: () =>
      new McpServer(
        { name: 'x', version: '1' },
        { capabilities: { resources: { subscribe: true, listChanged: false } } },
      ),
    port: 0,
    token: TOKEN,
    log: keepingLog(),
    watches: {
      watch(_uris, onUpdate) {
        deliver = onUpdate;
        return { ready: Promise.resolve(), close() {} };
      },
    },
  });
  const uri = 'truenas://alerts';
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'subscriptions/listen',
    params: { ...MODERN.envelope, notifications: { resourceSubscriptions: [uri] } },
  });
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  socket.write(
    `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: subscriptions/listen\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  const [first] = (await once(socket, 'data')) as [Buffer];
  expect(first.toString()).toContain('200 OK');
  socket.pause();
  await expect.poll(() => deliver !== undefined).toBe(true);
  const deliverMany = async () => {
    for (let round = 0; round < 60; round += 1) {
      for (let index = 0; index < 1000; index += 1) deliver?.(uri);
      await sleep(1);
    }
  };
  await deliverMany();
  const before = await heldBytes();
  await deliverMany();
  await deliverMany();
  const grown = ((await heldBytes()) - before) / 120_000;
  // The update that it missed is delivered once it reads again, and so is the next one.
  const received: string[] = [];
  socket.setEncoding('utf8').on('data', (text: string) => received.push(text));
  socket.resume();
  await sleep(500);
  const soFar = received.length;
  deliver?.('truenas://alerts');
  await expect.poll(() => received.length).toBeGreaterThan(soFar);
  expect(received.at(-1)).toContain('notifications/resources/updated');
  socket.destroy();
  await service.close();
  expect(grown).toBeLessThan(50);
}, 30_000);
