// Presents a TLS socket that carries QMux records as the WebSocketStream that @moq/qmux takes. There a message is one record's frames;
// on a byte stream the record's Size, a varint, stands in front of them (draft-ietf-quic-qmux, section 4).
export function recordStream(socket, protocol) {
    const closed = Promise.withResolvers();
    let received = Buffer.alloc(0);
    let controller;
    const readable = new ReadableStream({
        start(c) { controller = c; },
        pull() { socket.resume(); },
        cancel() { socket.destroy(); },
    });
    socket.on('data', chunk => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        for (let record = takeRecord(); record !== undefined; record = takeRecord()) {
            controller.enqueue(new Uint8Array(record));
        }
        if (controller.desiredSize <= 0) socket.pause();
    });
    let failure;
    socket.on('error', error => { failure = error; });
    socket.on('end', () => { try { controller.close(); } catch { } });
    socket.on('close', () => {
        if (failure) closed.reject(failure);
        else closed.resolve({ closeCode: 1000, reason: '' });
    });
    closed.promise.catch(() => { });

    function takeRecord() {
        if (received.length === 0) return undefined;
        const width = 1 << (received[0] >> 6);
        if (received.length < width) return undefined;
        let size = BigInt(received[0] & 0x3f);
        for (let i = 1; i < width; i++) size = size * 256n + BigInt(received[i]);
        const end = width + Number(size);
        if (received.length < end) return undefined;
        const record = received.subarray(width, end);
        received = received.subarray(end);
        return record;
    }

    const writable = new WritableStream({
        write(frames) {
            const size = frames.byteLength;
            const prefix = size < 64 ? Buffer.from([size])
                : size < 16384 ? Buffer.from([0x40 | (size >> 8), size & 0xff])
                : Buffer.from([0x80 | (size >>> 24), (size >>> 16) & 0xff, (size >>> 8) & 0xff, size & 0xff]);
            return new Promise((resolve, reject) => {
                socket.write(Buffer.concat([prefix, frames]), error => error ? reject(error) : resolve());
            });
        },
    });
    return {
        url: '',
        opened: Promise.resolve({ readable, writable, protocol, extensions: '' }),
        closed: closed.promise,
        close() { socket.end(); },
    };
}
