// A peer that is not ours: real iroh (npm package @number0/iroh 1.x), and the RPC protocol written from docs/protocol.md alone.
//   node peer.js serve                     serves echo/1 and prints its ticket
//   node peer.js echo <ticket> <text>      calls the echo sample
//   node peer.js serveGreeter              serves IGreeter, whole, and prints its ticket
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

function varint(value) {
  const number = BigInt(value);
  const power = number < 1n << 6n ? 0 : number < 1n << 14n ? 1 : number < 1n << 30n ? 2 : 3;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(number);
  const written = bytes.subarray(8 - (1 << power));
  written[0] |= power << 6;
  return written;
}

function readVarint(reader) {
  const length = 1 << (reader.data[reader.at] >> 6);
  let value = BigInt(reader.data[reader.at++] & 63);
  for (let i = 1; i < length; i++) {
    value = (value << 8n) + BigInt(reader.data[reader.at++]);
  }

  // Numbers of objects may be too large for the language's own numbers.
  return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
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

async function listen(alpn, handle) {
  const endpoint = await bind(alpn);
  const loopback = endpoint.boundSockets().filter((address) => address.startsWith('127.'));
  console.log(iroh.EndpointTicket.fromAddr(new iroh.EndpointAddr(endpoint.id(), null, loopback)).toString());
  for (;;) {
    const incoming = await endpoint.acceptNext();
    (async () => handle(await (await incoming.accept()).connect()))().catch((error) => console.error(error.message));
  }
}

const serve = () => listen('echo/1', async (connection) => {
  const { send, recv } = await connection.acceptBi();
  await send.writeAll(await recv.readToEnd(1 << 20));
  await send.finish();
  await connection.closed();
});

// ---- the greeter, as samples/Greeter has it, by docs/protocol.md ----

const Failure = 3;
const Item = 5;
const Progress = 7;
const End = 8;
const Release = 9;
const NoFields = varint(0);
const number = (value) => { const data = Buffer.alloc(4); data.writeInt32LE(value); return data; };
const field = (tag, value) => Buffer.concat([varint(tag), varint(value.length), value]);
const fields = (...all) => { const data = Buffer.concat(all); return Buffer.concat([varint(data.length), data]); };
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const Greetings = { de: 'Guten Tag', en: 'Hello', fr: 'Bonjour' };

function takeText(reader) {
  const length = ~reader.data.readInt32LE(reader.at);
  const value = reader.data.subarray(reader.at + 8, reader.at + 8 + length).toString();
  reader.at += 8 + length;
  return value;
}

class Fault extends Error {
  constructor(message, type, value) {
    super(message);
    this.fields = fields(field(5, Buffer.from(message)), field(6, Buffer.concat([createHash('sha256').update(type).digest().subarray(0, 8), value])));
  }
}

// What takes a value and gives one back.
const onLanes = new Map([
  [methodId('Hello', '(string)->string'), (_, body) => text(`Hello, ${takeText(body)}`)],
  [methodId('HelloIn', '(string,string)->string'), (_, body) => {
    const [language, name] = [takeText(body), takeText(body)];
    if (Greetings[language]) {
      return text(`${Greetings[language]}, ${name}`);
    }

    const known = Object.keys(Greetings);
    throw new Fault(
      `Nobody here speaks ${language}.`,
      'UnknownLanguage{Language:string,Known:list<string>}',
      Buffer.concat([Buffer.from([2]), text(language), number(known.length), ...known.map(text)]));
  }],
  [methodId('Meet', '(contract<guest>)->string'), async (connection, body) => {
    const guest = readVarint(body);
    const { send, recv } = await connection.openBi();
    await send.writeAll(list(Buffer.concat([
      LaneHead,
      frame(Request, varint(0), varint(guest), methodId('Ask', '(string)->string'), NoFields, text('What is your name?')),
    ])));
    const state = { data: Buffer.alloc(0) };
    for (;;) {
      const answer = await readFrame(recv, state);
      if (answer.type === Response) {
        readVarint(answer.body);
        skipFields(answer.body);
        await send.writeAll(list(frame(Release, varint(guest), varint(1))));
        return text(`Nice to meet you, ${takeText(answer.body)}`);
      }
    }
  }],
].map(([id, run]) => [id.toString('hex'), run]));

// What streams: each writes all that follows the request.
const onStreams = new Map([
  [methodId('CountDown', '(i32)->stream<i32>'), async function* (body) {
    yield frame(Response, varint(0), NoFields);
    for (let left = body.data.readInt32LE(body.at); left > 0; left--) {
      yield frame(Item, number(left));
    }

    yield frame(End, varint(0), NoFields);
  }],
  [methodId('HelloEach', '(stream<string>)->stream<string>'), async function* (_, next) {
    yield frame(Response, varint(0), NoFields);
    for (let message = await next(); message.type !== End; message = await next()) {
      if (message.type === Item) {
        yield frame(Item, text(`Hello, ${takeText(message.body)}`));
      }
    }

    yield frame(End, varint(0), NoFields);
  }],
  [methodId('Practise', '(string,progress<i32>)->string'), async function* (body) {
    const language = takeText(body);
    for (let percent = 25; percent <= 100; percent += 25) {
      await pause(20);
      yield frame(Progress, varint(1), number(percent));
    }

    yield frame(Response, varint(0), NoFields, text(`I speak ${language} better now`));
  }],
  [methodId('Chat', '()->stream<string>'), async function* () {
    yield frame(Response, varint(0), NoFields);
    for (;;) {
      yield frame(Item, text('Lovely weather today'));
      await pause(20);
    }
  }],
].map(([id, run]) => [id.toString('hex'), run]));

async function serveLane(connection, send, recv, state) {
  for (;;) {
    const { type, body } = await readFrame(recv, state);
    if (type !== Request) {
      continue;
    }

    const call = readVarint(body);
    readVarint(body);
    const run = onLanes.get(body.data.subarray(body.at, body.at + 12).toString('hex'));
    body.at += 12;
    skipFields(body);
    (async () => run ? frame(Response, varint(call), NoFields, await run(connection, body)) : frame(Failure, varint(call), varint(12), NoFields))()
      .catch((error) => frame(Failure, varint(call), varint(9), error.fields ?? NoFields))
      .then((answer) => send.writeAll(list(answer)));
  }
}

async function serveCall(send, recv, state) {
  const { body } = await readFrame(recv, state);
  readVarint(body);
  readVarint(body);
  const run = onStreams.get(body.data.subarray(body.at, body.at + 12).toString('hex'));
  body.at += 12;
  skipFields(body);
  if (!run) {
    await send.writeAll(list(frame(Failure, varint(0), varint(12), NoFields)));
    await send.finish();
    return;
  }

  try {
    for await (const message of run(body, () => readFrame(recv, state))) {
      await send.writeAll(list(message));
    }

    await send.finish();
  } catch {
    console.log('the caller has heard enough');
  }
}

const serveGreeter = () => listen('greeter/1', async (connection) => {
  for (;;) {
    const { send, recv } = await connection.acceptBi();
    (async () => {
      const state = { data: Buffer.alloc(0) };
      while (state.data.length < 2) {
        await readSome(recv, state);
      }

      const kind = state.data[1];
      state.data = state.data.subarray(2);
      await (kind === 0 ? serveLane(connection, send, recv, state) : serveCall(send, recv, state));
    })().catch(() => {});
  }
});

const [command, ...rest] = process.argv.slice(2);
({ serve, serveGreeter, echo, greet })[command](...rest).then(
  () => command.startsWith('serve') || setTimeout(() => process.exit(0), 200),
  (error) => { console.error(error.message); process.exit(1); });
