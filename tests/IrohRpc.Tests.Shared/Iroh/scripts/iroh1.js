// A real iroh endpoint (npm package @number0/iroh 1.x), driven by lines of JSON on standard input. It answers each with one line of JSON that
// carries the same "tag", and reports what happens by itself with lines that carry "event". Its one argument says how it starts: {alpn, secretKey,
// relay, retry, dns, any}.
'use strict';
const iroh = require('@number0/iroh');
const settings = JSON.parse(process.argv[2]);
const connections = [];

const say = (message) => process.stdout.write(JSON.stringify(message) + '\n');
const bytes = (text) => Array.from(Buffer.from(text));
const fill = (length) => Array.from({ length }, (_, i) => (i * 31) & 255);
const sum = (data) => require('crypto').createHash('sha256').update(Buffer.from(data)).digest('hex');
const errorText = (error) => String(error && error.message || error).split('\n').join(' | ');

async function serve(connection) {
  const loop = async (accept, handle) => {
    for (;;) {
      const stream = await accept();
      handle(stream).catch((error) => say({ event: 'streamError', error: errorText(error) }));
    }
  };
  loop(() => connection.acceptBi(), async ({ send, recv }) => {
    const data = await recv.readToEnd(1 << 26);
    await send.writeAll(data);
    await send.finish();
  }).catch(() => {});
  loop(() => connection.acceptUni(), async (recv) => {
    const data = await recv.readToEnd(1 << 26);
    const send = await connection.openUni();
    await send.writeAll(data);
    await send.finish();
  }).catch(() => {});
  (async () => {
    for (;;) {
      connection.sendDatagram(await connection.readDatagram());
    }
  })().catch(() => {});
  say({ event: 'closed', reason: String(await connection.closed()) });
}

const commands = {
  async connect({ id, relay, address, alpn }) {
    const target = new iroh.EndpointAddr(iroh.EndpointId.fromString(id), relay || null, address ? [address] : []);
    const connection = await commands.endpoint.connect(target, bytes(alpn || settings.alpn));
    connections.push(connection);
    serve(connection);
    return { index: connections.length - 1, remote: connection.remoteId().toString() };
  },
  async connectMany({ id, address, count }) {
    const target = new iroh.EndpointAddr(iroh.EndpointId.fromString(id), null, [address]);
    const results = await Promise.all(Array.from({ length: count }, async () => {
      const connection = await commands.endpoint.connect(target, bytes(settings.alpn));
      const { send, recv } = await connection.openBi();
      await send.writeAll(bytes('many'));
      await send.finish();
      return Buffer.from(await recv.readToEnd(100)).toString() === 'many';
    }));
    return { count: results.filter((isGood) => isGood).length };
  },
  async bidirectional({ index, length }) {
    const { send, recv } = await connections[index].openBi();
    const data = fill(length);
    const write = (async () => { await send.writeAll(data); await send.finish(); })();
    const answer = await recv.readToEnd(1 << 26);
    await write;
    return { length: answer.length, sum: sum(answer), same: sum(answer) === sum(data) };
  },
  async paths({ index }) {
    return { paths: connections[index].paths().map((path) => ({ address: path.remoteAddr, relay: path.isRelay, selected: path.isSelected })) };
  },
  async unidirectional({ index, length }) {
    const data = fill(length);
    const send = await connections[index].openUni();
    await send.writeAll(data);
    await send.finish();
    return { sum: sum(data) };
  },
  async datagram({ index, text }) {
    connections[index].sendDatagram(bytes(text));
    return {};
  },
  async reset({ index, code }) {
    const { send } = await connections[index].openBi();
    await send.writeAll(bytes('cut'));
    await send.reset(BigInt(code));
    return {};
  },
  async stop({ index, code }) {
    const { send, recv } = await connections[index].openBi();
    await send.writeAll(bytes('stop me'));
    await recv.stop(BigInt(code));
    return {};
  },
  async close({ index, code, reason }) {
    connections[index].close(BigInt(code), bytes(reason));
    return {};
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
        if (settings.retry && !(await incoming.remoteAddrValidated())) {
          say({ event: 'retried' });
          return incoming.retry();
        }

        const connection = await (await incoming.accept()).connect();
        connections.push(connection);
        say({ event: 'accepted', index: connections.length - 1, remote: connection.remoteId().toString() });
        await serve(connection);
      })().catch((error) => say({ event: 'refused', error: errorText(error) }));
    }
  })();
  require('readline').createInterface({ input: process.stdin }).on('line', async (line) => {
    const command = JSON.parse(line);
    try {
      say({ tag: command.tag, ...(await commands[command.do](command)) });
    } catch (error) {
      say({ tag: command.tag, error: errorText(error) });
    }
  }).on('close', () => process.exit(0));
})().catch((error) => {
  say({ event: 'failed', error: errorText(error) });
  process.exit(1);
});
