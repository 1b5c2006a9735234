// A peer made of quiche (@matrixai/quic), which echoes or checks echoes.
//   node peer.mjs server KEY CERTIFICATE
//   node peer.mjs client KEY CERTIFICATE PORT STREAMS BYTES [ONE-WAY]
import crypto from 'node:crypto';
import fs from 'node:fs';
import { QUICClient, QUICServer, events } from '@matrixai/quic';

const [mode, keyFile, certificateFile, ...rest] = process.argv.slice(2);
const config = {
  key: fs.readFileSync(keyFile, 'utf8'),
  cert: fs.readFileSync(certificateFile, 'utf8'),
  // Who the peer is, is for the other side of the test to check.
  verifyPeer: true,
  verifyCallback: async () => undefined,
  applicationProtos: ['echo/1'],
  maxIdleTimeout: 20000,
};

function body(length) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31) ^ (i >> 9);
  return bytes;
}

async function readAll(readable) {
  const chunks = [];
  for await (const chunk of readable) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function write(writable, bytes) {
  const writer = writable.getWriter();
  for (let start = 0; start < bytes.length; start += 16384) await writer.write(bytes.subarray(start, start + 16384));
  await writer.close();
}

async function serve() {
  const key = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify']);
  const raw = await crypto.subtle.exportKey('raw', key);
  const load = (bytes) => crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
  const server = new QUICServer({
    crypto: {
      key: raw,
      ops: {
        sign: async (k, data) => crypto.subtle.sign('HMAC', await load(k), data),
        verify: async (k, data, signature) => crypto.subtle.verify('HMAC', await load(k), signature, data),
      },
    },
    config,
  });
  server.addEventListener(events.EventQUICServerConnection.name, ({ detail: connection }) => {
    connection.addEventListener(events.EventQUICConnectionStream.name, ({ detail: stream }) => answer(connection, stream));
  });
  await server.start({ host: '127.0.0.1', port: 0 });
  console.log(`listening ${server.port}`);
}

async function answer(connection, stream) {
  try {
    if (stream.type === 'bidi') {
      await stream.readable.pipeTo(stream.writable);
    } else {
      await write(connection.newStream('uni').writable, await readAll(stream.readable));
    }
  } catch (failure) {
    console.log(`stream ${stream.streamId}: ${failure}`);
  }
}

async function ask() {
  const [port, streams, length, oneWay] = rest;
  const client = await QUICClient.createQUICClient({
    host: '127.0.0.1',
    port: Number(port),
    crypto: { ops: { randomBytes: async (data) => { crypto.getRandomValues(new Uint8Array(data)); } } },
    config,
  });
  const sent = body(Number(length));
  const arrived = [];
  client.connection.addEventListener(events.EventQUICConnectionStream.name, ({ detail: stream }) => arrived.push(stream));
  const echoes = Array.from({ length: Number(streams) }, async () => {
    const stream = client.connection.newStream(oneWay ? 'uni' : 'bidi');
    const [received] = await Promise.all([oneWay ? sent : readAll(stream.readable), write(stream.writable, sent)]);
    if (Buffer.compare(received, Buffer.from(sent)) !== 0) throw new Error('not what was sent');
  });
  await Promise.all(echoes);
  while (oneWay && arrived.length < Number(streams)) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const stream of oneWay ? arrived : []) {
    if (Buffer.compare(await readAll(stream.readable), Buffer.from(sent)) !== 0) throw new Error('not what was sent');
  }
  console.log('echoed');
  await client.destroy({ isApp: true, errorCode: 7, force: true });
  process.exit(0);
}

await (mode === 'server' ? serve() : ask());
