// A node of real iroh 0.35.0: one JSON object a line, commands in, answers and events out.
const { Iroh, Hash, Collection, BlobTicket, BlobDownloadOptions, SetTagOption } = require('@number0/iroh');

const say = (value) => process.stdout.write(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? Number(v) : v)) + '\n');
const bytes = (hex) => Array.from(Buffer.from(hex, 'hex'));
const hex = (value) => Buffer.from(value).toString('hex');
const hashOf = (text) => Hash.fromString(text).value;
const text = (problem) => String((problem && problem.message) || problem).split('\n')[0];

async function main() {
  if (process.env.IROH_LOG) { require('@number0/iroh').setLogLevel(process.env.IROH_LOG); }
  const options = { enableDocs: true, ipv4Addr: '127.0.0.1:0', ipv6Addr: '[::1]:0', nodeDiscovery: 'None' };
  const node = process.env.IROH_STORE ? await Iroh.persistent(process.env.IROH_STORE, options) : await Iroh.memory(options);
  const status = await node.node.status();
  const addresses = status.listenAddrs.filter((address) => address.startsWith('127.'));
  const topics = new Map();
  const peer = (command) => ({ nodeId: command.id, addresses: command.addresses });

  const commands = {
    know: async (command) => { await node.net.addNodeAddr(peer(command)); return {}; },
    addFile: (command) => new Promise((resolve, reject) => {
      node.blobs.addFromPath(command.path, false, SetTagOption.auto(), { wrap: false }, (problem, progress) => {
        if (problem) { reject(problem); } else if (progress.allDone) { resolve({ hash: hex(Hash.fromString(progress.allDone.hash).toBytes()) }); }
      }).catch(reject);
    }),
    addMany: async (command) => {
      const collection = new Collection();
      for (let i = 0; i < command.count; i++) {
        const data = Buffer.alloc(command.size);
        data.writeUInt32LE(i, 0);
        data.writeUInt32LE(command.seed, 4);
        collection.push(`blob ${i}`, hashOf((await node.blobs.addBytes(Array.from(data))).hash));
      }
      const root = await node.blobs.createCollection(collection, SetTagOption.auto(), []);
      return { hash: hex(Hash.fromString(root.hash).toBytes()) };
    },
    addCollection: async (command) => {
      const collection = new Collection();
      for (const item of command.items) { collection.push(item.name, hashOf(item.hash)); }
      const root = await node.blobs.createCollection(collection, SetTagOption.auto(), []);
      return { hash: hex(Hash.fromString(root.hash).toBytes()) };
    },
    ticket: async (command) => ({ ticket: new BlobTicket({ nodeId: status.addr.nodeId, addresses }, hashOf(command.hash), command.format).toString() }),
    download: (command) => new Promise((resolve, reject) => {
      const options = new BlobDownloadOptions(command.format, [peer(command)], SetTagOption.auto());
      node.blobs.download(hashOf(command.hash), options, (problem, progress) => {
        if (problem) { reject(problem); } else if (progress.abort) { reject(new Error(JSON.stringify(progress.abort))); } else if (progress.allDone) { resolve({}); }
      }).catch(reject);
    }),
    write: async (command) => { await node.blobs.writeToPath(hashOf(command.hash), command.path); return {}; },
    names: async (command) => { const found = await node.blobs.getCollection(hashOf(command.hash)); return { names: found.names() }; },
    join: async (command) => {
      const sender = await node.gossip.subscribe(bytes(command.topic), command.bootstrap, (problem, event) => {
        if (problem) { say({ event: 'problem', problem: text(problem) }); return; }
        if (event.neighborUp) { say({ event: 'up', peer: event.neighborUp }); }
        if (event.neighborDown) { say({ event: 'down', peer: event.neighborDown }); }
        if (event.received) { say({ event: 'message', content: hex(event.received.content) }); }
      });
      topics.set(command.topic, sender);
      return {};
    },
    broadcast: async (command) => { await topics.get(command.topic).broadcast(bytes(command.content)); return {}; },
    leave: async (command) => { await topics.get(command.topic).close(); return {}; },
  };

  say({ event: 'ready', id: status.addr.nodeId, addresses, version: status.version });
  require('readline').createInterface({ input: process.stdin }).on('line', async (line) => {
    const command = JSON.parse(line);
    try {
      say({ event: 'answer', tag: command.tag, ...(await commands[command.command](command)) });
    } catch (problem) {
      say({ event: 'answer', tag: command.tag, problem: text(problem) });
    }
  }).on('close', () => process.exit(0));
}

main().catch((problem) => { say({ event: 'fatal', problem: text(problem) }); process.exit(1); });
