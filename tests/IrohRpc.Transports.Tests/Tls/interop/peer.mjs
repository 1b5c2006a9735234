// A QMux peer made of Node's TLS and @moq/qmux, for the tests of the TLS transport.
//   node peer.mjs dial <port> <certificate.pem> <key.pem> <alpn>
//   node peer.mjs accept 0 <certificate.pem> <key.pem> <alpn>      prints {"port": n}
// Each bidirectional stream that the other side opens starts with a command in its first line; what happens otherwise is printed as a line
// of JSON: {"closed": …}, {"dropped": …}, {"uni": …}.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';

Promise.withResolvers ??= function () {
    let resolve, reject;
    const promise = new Promise((a, b) => { resolve = a; reject = b; });
    return { promise, resolve, reject };
};
const { default: Session, StreamError } = await import('@moq/qmux');
const { recordStream } = await import('./tls-records.mjs');

const [role, port, certificate, key, alpn] = process.argv.slice(2);
const options = {
    cert: readFileSync(certificate),
    key: readFileSync(key),
    minVersion: 'TLSv1.3',
    rejectUnauthorized: false,
    ALPNProtocols: [alpn],
};
const encoder = new TextEncoder();
const say = line => process.stdout.write(JSON.stringify(line) + '\n');

if (role === 'dial') {
    const socket = tls.connect({ ...options, host: '127.0.0.1', port: Number(port) }, () => {
        if (socket.alpnProtocol !== alpn) throw new Error(`no ALPN: ${socket.alpnProtocol}`);
        serve(new Session(recordStream(socket, `qmux-02.${alpn}`)));
    });
    socket.setNoDelay(true);
} else {
    const server = tls.createServer({ ...options, requestCert: true }, socket => {
        socket.setNoDelay(true);
        server.close();
        serve(Session.accept(recordStream(socket, `qmux-02.${alpn}`)));
    });
    server.listen(0, '127.0.0.1', () => say({ port: server.address().port }));
}

async function serve(session) {
    session.closed.then(
        info => { say({ closed: { code: info.closeCode, reason: info.reason } }); end(); },
        error => { say({ dropped: String(error.message) }); end(); });
    void each(session.incomingBidirectionalStreams, stream => command(session, stream));
    void each(session.incomingUnidirectionalStreams, async stream => {
        try {
            say({ uni: await digest(stream) });
        } catch (error) {
            say({ uniReset: error.streamErrorCode });
        }
    });
}

function end() {
    // The session closes its socket a moment after its last frame.
    setTimeout(() => process.exit(0), 300);
}

async function each(streams, handle) {
    const reader = streams.getReader();
    try {
        for (let next = await reader.read(); !next.done; next = await reader.read()) {
            handle(next.value).catch(error => say({ failed: String(error.stack) }));
        }
    } catch { }
}

async function command(session, { readable, writable }) {
    const reader = readable.getReader();
    const writer = writable.getWriter();
    let head = Buffer.alloc(0);
    while (head.indexOf(10) < 0) {
        const { value, done } = await reader.read();
        if (done) break;
        head = Buffer.concat([head, value]);
    }
    const [verb, ...words] = head.subarray(0, head.indexOf(10)).toString().split(' ');
    const rest = head.subarray(head.indexOf(10) + 1);
    switch (verb) {
        case 'echo': {
            if (rest.length > 0) await writer.write(new Uint8Array(rest));
            for (let next = await reader.read(); !next.done; next = await reader.read()) await writer.write(next.value);
            await writer.close();
            break;
        }
        case 'reset':
            await writer.write(encoder.encode('x'));
            await writer.abort(new StreamError(Number(words[0])));
            break;
        case 'stop':
            await reader.cancel(new StreamError(Number(words[0])));
            await writer.write(encoder.encode('stopped'));
            await writer.close();
            break;
        case 'watch-reset':
            // Reads until the other side aborts, and says with which code.
            try {
                await writer.write(encoder.encode('ready'));
                for (let next = await reader.read(); !next.done; next = await reader.read());
                await writer.write(encoder.encode('|no reset'));
            } catch (error) {
                await writer.write(encoder.encode(`|reset ${error.streamErrorCode}`));
            }
            await writer.close();
            break;
        case 'watch-stop':
            // Writes, says so, and then says with which code the other side stopped it.
            await writer.write(new Uint8Array(5000));
            await tell(session, 'written');
            await writer.closed.catch(error => tell(session, `stopped ${error.streamErrorCode}`));
            break;
        case 'call': {
            const back = await session.createBidirectionalStream();
            const calling = back.writable.getWriter();
            await calling.write(encoder.encode(words.join(' ')));
            await calling.close();
            await writer.write(await collect(back.readable));
            await writer.close();
            break;
        }
        case 'push': {
            const uni = (await session.createUnidirectionalStream()).getWriter();
            const hash = createHash('sha256');
            let left = Number(words[0]);
            for (let i = 0; left > 0; i++) {
                const chunk = new Uint8Array(Math.min(left, 50_000)).fill(i & 0xff);
                hash.update(chunk);
                await uni.write(chunk);
                left -= chunk.length;
            }
            await uni.close();
            await writer.write(encoder.encode(hash.digest('hex')));
            await writer.close();
            break;
        }
        case 'close':
            session.close({ closeCode: Number(words[0]), reason: words.slice(1).join(' ') });
            break;
        default:
            await writer.abort(new StreamError(404));
    }
}

async function tell(session, text) {
    const uni = (await session.createUnidirectionalStream()).getWriter();
    await uni.write(encoder.encode(text));
    await uni.close();
}

async function collect(readable) {
    const chunks = [];
    for await (const chunk of readable) chunks.push(chunk);
    return new Uint8Array(Buffer.concat(chunks));
}

async function digest(readable) {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of readable) {
        hash.update(chunk);
        bytes += chunk.byteLength;
    }
    return { bytes, sha256: hash.digest('hex') };
}
