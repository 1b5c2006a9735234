// A real iroh 0.35 node (npm package @number0/iroh 0.35.0), driven as iroh1.js is; it knows fewer commands.
'use strict';
const iroh = require('@number0/iroh');
const settings = JSON.parse(process.argv[2]);

const say = (message) => process.stdout.write(JSON.stringify(message) + '\n');
const errorText = (error) => String(error && error.message || error).split('\n').join(' | ');

async function serve(connection) {
  const { send, recv } = await connection.acceptBi();
  await send.writeAll(await recv.readToEnd(1 << 26));
  await send.finish();
  await connection.closed();
}

(async () => {
  const node = await iroh.Iroh.memory({
    ipv4Addr: '127.0.0.1:0',
    ipv6Addr: '[::1]:0',
    nodeDiscovery: 'None',
    secretKey: Array.from(Buffer.from(settings.secretKey, 'hex')),
    protocols: {
      [settings.alpn]: () => ({
        accept: (_, connection) => serve(connection).catch((error) => say({ event: 'refused', error: errorText(error) })),
        shutdown() {},
      }),
    },
  });
  const status = await node.node.status();
  say({ event: 'ready', addresses: status.listenAddrs });
  const commands = {
    // As a server this version ignores packets from addresses that it was not told of.
    async expect({ id, address }) {
      await node.net.addNodeAddr({ nodeId: id, addresses: [address] });
      return {};
    },
    async echo({ id, address, length }) {
      const connection = await node.node.endpoint().connect({ nodeId: id, addresses: [address] }, Buffer.from(settings.alpn));
      const { send, recv } = await connection.openBi();
      const data = Buffer.from(Array.from({ length }, (_, i) => (i * 31) & 255));
      await send.writeAll(data);
      await send.finish();
      const answer = await recv.readToEnd(1 << 26);
      connection.close(3n, Buffer.from('done'));
      return { remote: connection.remoteNodeId().toString(), same: Buffer.compare(Buffer.from(answer), data) === 0 };
    },
  };
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
