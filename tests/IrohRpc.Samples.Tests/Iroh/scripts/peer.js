// A peer that is not ours: real iroh (npm package @number0/iroh 1.x), and the RPC protocol written from docs/protocol.md alone.
//   node peer.js serve                     serves echo/1 and prints its ticket
//   node peer.js echo <ticket> <text>      calls the echo sample
//   node peer.js greet <ticket> <name>     calls IGreeter.HelloAsync, then IGreeter.MeetAsync with an IGuest of its own, whom the service asks for the name
'use strict';
const iroh = require('@number0/iroh');
const { createHash } = require('crypto');
const list = (data) => Array.from(data);

async function bind(alpn) {
  const builder = iroh.Endpoint.builder();
  iroh.presetMinimal(builder);
  builder.relayMode(iroh.RelayMode.disabled());
  builder.bindAddr('127.0.0.1:0');
  builder.bindAddr('[::1]:0');
  builder.alpns([list(Buffer.from(alpn))]);
  return builder.bind();
}

async function connect(ticket, alpn) {
  const endpoint = await bind(alpn);
  return endpoint.connect(iroh.EndpointTicket.fromString(ticket).endpointAddr(), list(Buffer.from(alpn)));
}

// ---- docs/protocol.md ----

const varint = (value) => value < 64
  ? Buffer.from([value])
  : value < 16384 ? Buffer.from([0x40 | (value >> 8), value & 255]) : (() => { throw new Error('too long for this program'); })();

function readVarint(reader) {
  const length = 1 << (reader.data[reader.at] >> 6);
  let value = reader.data[reader.at++] & 63;
  for (let i = 1; i < length; i++) {
    value = value * 256 + reader.data[reader.at++];
  }

  return value;
}

const methodId = (name, signature) => Buffer.concat([
  createHash('sha256').update(name).digest().subarray(0, 4),
  createHash('sha256').update(signature).digest().subarray(0, 8),
]);

const text = (value) => {
  const utf8 = Buffer.from(value);
  const head = Buffer.alloc(8);
  head.writeInt32LE(~utf8.length, 0);
  head.writeInt32LE(value.length, 4);
  return Buffer.concat([head, utf8]);
};

const readText = (data) => data.subarray(8, 8 + ~data.readInt32LE(0)).toString();
const frame = (type, ...parts) => {
  const body = Buffer.concat([varint(type), ...parts]);
  return Buffer.concat([varint(body.length), body]);
};

const LaneHead = Buffer.from([1, 0]);
const Request = 0;
const Response = 2;

async function readSome(stream, state) {
  const more = await stream.read(65536);
  if (!more || more.length === 0) {
    throw new Error('the stream ended');
  }

  state.data = Buffer.concat([state.data, Buffer.from(more)]);
}

async function readFrame(stream, state) {
  for (;;) {
    if (state.data.length > 0) {
      const reader = { data: state.data, at: 0 };
      if (state.data.length >= 1 << (state.data[0] >> 6)) {
        const length = readVarint(reader);
        if (state.data.length >= reader.at + length) {
          const body = { data: state.data.subarray(0, reader.at + length), at: reader.at };
          state.data = state.data.subarray(reader.at + length);
          return { type: readVarint(body), body };
        }
      }
    }

    await readSome(stream, state);
  }
}

function skipFields(reader) {
  const length = readVarint(reader);
  reader.at += length;
}

// Answers what the service asks of the objects that it was given: lanes that it opens.
async function serveGuest(connection, name) {
  for (;;) {
    const { send, recv } = await connection.acceptBi();
    const state = { data: Buffer.alloc(0) };
    while (state.data.length < 2) {
      await readSome(recv, state);
    }

    state.data = state.data.subarray(2);
    await send.writeAll(list(LaneHead.subarray(0, 0)));
    for (;;) {
      const { type, body } = await readFrame(recv, state);
      if (type !== Request) {
        continue;
      }

      const call = readVarint(body);
      const target = readVarint(body);
      const method = body.data.subarray(body.at, body.at + 12);
      body.at += 12;
      skipFields(body);
      const known = target === 1 && method.equals(methodId('Ask', '(string)->string'));
      console.log(known ? `asked:   ${readText(body.data.subarray(body.at))}` : 'asked for something unknown');
      await send.writeAll(list(frame(Response, varint(call), varint(0), text(name))));
    }
  }
}

async function greet(ticket, name) {
  const connection = await connect(ticket, 'greeter/1');
  serveGuest(connection, name).catch(() => {});
  const { send, recv } = await connection.openBi();
  const state = { data: Buffer.alloc(0) };
  const ask = async (call, method, argument) => {
    await send.writeAll(list(frame(Request, varint(call), varint(0), method, varint(0), argument)));
    for (;;) {
      const { type, body } = await readFrame(recv, state);
      if (type === Response && readVarint(body) === call) {
        skipFields(body);
        return readText(body.data.subarray(body.at));
      }

      if (type === 3) {
        throw new Error(`the call failed: ${body.data.toString('hex')}`);
      }
    }
  };
  await send.writeAll(list(LaneHead));
  console.log(`hello:   ${await ask(0, methodId('Hello', '(string)->string'), text(name))}`);
  console.log(`meeting: ${await ask(1, methodId('Meet', '(contract<guest>)->string'), varint(1))}`);
  connection.close(0n, list(Buffer.from('goodbye')));
}

// ---- the echo protocol of the sample ----

async function echo(ticket, line) {
  const connection = await connect(ticket, 'echo/1');
  const { send, recv } = await connection.openBi();
  await send.writeAll(list(Buffer.from(line)));
  await send.finish();
  console.log(`echoed:  ${Buffer.from(await recv.readToEnd(1 << 20))}`);
  connection.close(0n, []);
}

async function serve() {
  const endpoint = await bind('echo/1');
  const loopback = endpoint.boundSockets().filter((address) => address.startsWith('127.'));
  console.log(iroh.EndpointTicket.fromAddr(new iroh.EndpointAddr(endpoint.id(), null, loopback)).toString());
  for (;;) {
    const incoming = await endpoint.acceptNext();
    (async () => {
      const connection = await (await incoming.accept()).connect();
      const { send, recv } = await connection.acceptBi();
      await send.writeAll(await recv.readToEnd(1 << 20));
      await send.finish();
      await connection.closed();
    })().catch((error) => console.error(error.message));
  }
}

const [command, ...rest] = process.argv.slice(2);
({ serve, echo, greet })[command](...rest).then(
  () => command === 'serve' || setTimeout(() => process.exit(0), 200),
  (error) => { console.error(error.message); process.exit(1); });
