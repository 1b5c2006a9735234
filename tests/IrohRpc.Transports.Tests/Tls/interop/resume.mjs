// Dials twice, the second time with the session that the first got, and prints whether it was resumed.
//   node resume.mjs <port> <certificate.pem> <key.pem> <alpn>
import { readFileSync } from 'node:fs';
import tls from 'node:tls';

const [port, certificate, key, alpn] = process.argv.slice(2);
const options = {
    host: '127.0.0.1',
    port: Number(port),
    cert: readFileSync(certificate),
    key: readFileSync(key),
    minVersion: 'TLSv1.3',
    rejectUnauthorized: false,
    ALPNProtocols: [alpn],
};
const first = tls.connect(options);
first.on('error', () => { });
first.once('session', session => {
    first.destroy();
    const second = tls.connect({ ...options, session }, () => {
        console.log(JSON.stringify({ reused: second.isSessionReused() }));
        second.destroy();
    });
});
