using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using IrohRpc.Identity;

namespace IrohRpc.Hostile;

/// <summary>A connection over TLS whose QMux records are written by hand.</summary>
internal sealed class RawQMux : IAsyncDisposable
{
    // QX_TRANSPORT_PARAMETERS without a parameter.
    private static readonly byte[] Parameters = [0xff, 0x51, 0x53, 0x30, 0x0d, 0x0a, 0x0d, 0x0a, 0x00];

    private readonly TcpClient _client;
    private readonly SslStream _tls;

    private RawQMux(TcpClient client, SslStream tls)
    {
        _client = client;
        _tls = tls;
    }

    /// <summary>Connects and shakes hands as an honest peer does, under a key of its own.</summary>
    public static async Task<RawQMux> ConnectAsync(IPEndPoint at, CancellationToken stop)
    {
        var client = new TcpClient(at.AddressFamily);
        try
        {
            await client.ConnectAsync(at, stop);
            using SecretKey key = SecretKey.Generate();
            using var certificates = new PeerCertificateSource(key);
            var tls = new SslStream(client.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "peer",
                    ApplicationProtocols = [new SslApplicationProtocol("bystander/1")],
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ClientCertificates = [certificates.Current],
#pragma warning disable CA5359 // It is the acceptor that is tested.
                    RemoteCertificateValidationCallback = static (_, _, _, _) => true,
#pragma warning restore CA5359
                },
                stop);
            return new RawQMux(client, tls);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Writes frames as one record, or bytes as they are.</summary>
    public ValueTask WriteAsync(byte[] frames, CancellationToken stop, bool isRecord = true)
        => _tls.WriteAsync(isRecord ? [.. RawFrames.VarInt(frames.Length), .. frames] : frames, stop);

    /// <summary>Reads until the peer closes.</summary>
    /// <returns>The code of its CONNECTION_CLOSE, which is its last record; null where there is none.</returns>
    public async Task<long?> ReadCloseAsync(CancellationToken stop)
    {
        var received = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        try
        {
            while (await _tls.ReadAsync(buffer, stop) is > 0 and int read)
            {
                received.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            // The socket was reset behind the last record.
        }

        ReadOnlySpan<byte> rest = received.ToArray();
        long? code = null;
        while (TryRead(ref rest, out long length) && length <= rest.Length)
        {
            ReadOnlySpan<byte> record = rest[..(int)length];
            rest = rest[(int)length..];
            if (TryRead(ref record, out long type) && type is 0x1c or 0x1d && TryRead(ref record, out long said))
            {
                code = said;
            }
        }

        return code;
    }

    public async ValueTask DisposeAsync()
    {
        await _tls.DisposeAsync();
        _client.Dispose();
    }

    /// <summary>The start of a session: the record with transport parameters.</summary>
    public ValueTask StartAsync(CancellationToken stop) => WriteAsync(Parameters, stop);

    private static bool TryRead(ref ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        if (bytes.IsEmpty || bytes.Length < 1 << (bytes[0] >> 6))
        {
            return false;
        }

        int length = 1 << (bytes[0] >> 6);
        value = bytes[0] & 0x3f;
        for (int at = 1; at < length; at++)
        {
            value = (value << 8) | bytes[at];
        }

        bytes = bytes[length..];
        return true;
    }
}
