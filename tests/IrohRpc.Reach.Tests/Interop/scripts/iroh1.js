// A real iroh endpoint (npm package @number0/iroh 1.x) with a relay, driven by lines of JSON on standard input. It answers each with one line of JSON that
// carries the same "tag", and reports what happens by itself with lines that carry "event".
'use strict';
const iroh = require('@number0/iroh');
const settings = JSON.parse(process.argv[2]);
const connections = [];

const say = (message) => process.stdout.write(JSON.stringify(message) + '\n');
const bytes = (text) => Array.from(Buffer.from(text));
const fill = (length) => Array.from({ length }, (_, i) => (i * 31) & 255);
const sum = (data) => require('crypto').createHash('sha256').update(Buffer.from(data)).digest('hex');

async function serve(connection) {
  for (;;) {
    const { send, recv } = await connection.acceptBi();
    (async () => {
      await send.writeAll(await recv.readToEnd(1 << 26));
      await send.finish();
    })().catch((error) => say({ event: 'streamError', error: String(error) }));
  }
}

const commands = {
  async connect({ id, relay, addresses }) {
    const target = new iroh.EndpointAddr(iroh.EndpointId.fromString(id), relay || null, addresses || []);
    const connection = await commands.endpoint.connect(target, bytes(settings.alpn));
    connections.push(connection);
    serve(connection).catch(() => {});
    return { index: connections.length - 1, remote: connection.remoteId().toString() };
  },
  async echo({ index, length }) {
    const { send, recv } = await connections[index].openBi();
    const data = fill(length);
    const write = (async () => { await send.writeAll(data); await send.finish(); })();
    const answer = await recv.readToEnd(1 << 26);
    await write;
    return { same: sum(answer) === sum(data) };
  },
  async paths({ index }) {
    return { paths: connections[index].paths().map((path) => ({ address: path.remoteAddr, relay: path.isRelay, selected: path.isSelected })) };
  },
};

(async () => {
  const builder = iroh.Endpoint.builder();
  (settings.dns ? iroh.presetN0DisableRelay : iroh.presetMinimal)(builder);
  builder.relayMode(settings.relay ? iroh.RelayMode.customFromUrls([settings.relay]) : iroh.RelayMode.disabled());
  if (!settings.any) {
    builder.bindAddr('127.0.0.1:0');
    builder.bindAddr('[::1]:0');
  }

  builder.secretKey(Array.from(Buffer.from(settings.secretKey, 'hex')));
  builder.alpns([bytes(settings.alpn)]);
  const endpoint = await builder.bind();
  commands.endpoint = endpoint;
  if (settings.relay) {
    await endpoint.online();
  }

  say({ event: 'ready', relay: endpoint.addr().relayUrl(), addresses: endpoint.boundSockets() });
  (async () => {
    for (;;) {
      const incoming = await endpoint.acceptNext();
      (async () => {
        const connection = await (await incoming.accept()).connect();
        connections.push(connection);
        say({ event: 'accepted', index: connections.length - 1, remote: connection.remoteId().toString() });
        await serve(connection);
      })().catch((error) => say({ event: 'refused', error: String(error) }));
    }
  })();
  require('readline').createInterface({ input: process.stdin }).on('line', async (line) => {
    const command = JSON.parse(line);
    try {
      say({ tag: command.tag, ...await commands[command.do](command) });
    } catch (error) {
      say({ tag: command.tag, error: String((error && error.message) || error).split('\n').join(' | ') });
    }
  }).on('close', () => process.exit(0));
})().catch((error) => { say({ event: 'failed', error: String(error) }); process.exit(1); });
