using IrohRpc.Multiplexing.Streams;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.QMux;

namespace IrohRpc.Tests.QMux;

/// <summary>A connection under test, and its peer played by hand, record by record.</summary>
internal sealed class RawPeer : IAsyncDisposable
{
    public const long PingRequest = 0x348c67529ef8c7bd;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private readonly DuplexStream _bytes;

    private RawPeer(DuplexStream bytes, QMuxConnection connection)
    {
        _bytes = bytes;
        Connection = connection;
    }

    public QMuxConnection Connection { get; }

    public DuplexStream Bytes => _bytes;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts the connection and exchanges parameters.</summary>
    public static async Task<RawPeer> StartAsync(TransportSettings settings, IHandshakeLease? lease = null)
    {
        (DuplexStream one, DuplexStream other) = DuplexStream.CreatePair();
        var peer = new RawPeer(other, QMuxPair.Start(one, isDialler: true, settings, lease));
        Assert.Equal(0x3f5153300d0a0d0a, (await peer.ReadRecordAsync()).Type);
        await peer.SendAsync(Parameters());

        // A stream opens once the parameters were taken, and the write waits for what goes with taking them.
        PeerStream stream = await peer.Connection.OpenUnidirectionalStreamAsync(Token).AsTask().WaitAsync(Bound, Token);
        await stream.WriteAsync(new byte[1], Token);
        Assert.Equal(0x0a, (await peer.ReadRecordAsync()).Type);
        return peer;
    }

    /// <summary>Sends one record.</summary>
    public async Task SendAsync(params byte[] frames)
        => await _bytes.WriteAsync((byte[])[.. Integers(frames.Length), .. frames], Token);

    public async Task SendRawAsync(params byte[] bytes) => await _bytes.WriteAsync(bytes, Token);

    /// <summary>The next record: the type of its first frame, and the frames.</summary>
    public async Task<(long Type, byte[] Frames)> ReadRecordAsync()
    {
        byte[] size = new byte[2];
        await _bytes.ReadExactlyAsync(size, Token).AsTask().WaitAsync(Bound, Token);
        VariableLengthInteger.TryRead(size, out long length);
        byte[] frames = new byte[length];
        await _bytes.ReadExactlyAsync(frames, Token).AsTask().WaitAsync(Bound, Token);
        VariableLengthInteger.TryRead(frames, out long type);
        return (type, frames);
    }

    /// <summary>Whether the connection has ended its bytes.</summary>
    public async Task<bool> ReadEndAsync()
        => await _bytes.ReadAsync(new byte[1], Token).AsTask().WaitAsync(Bound, Token) == 0;

    public static byte[] Integers(params long[] values)
    {
        byte[] buffer = new byte[values.Length * 8];
        int length = 0;
        foreach (long value in values)
        {
            length += VariableLengthInteger.Write(buffer.AsSpan(length), value);
        }

        return buffer[..length];
    }

    public async ValueTask DisposeAsync()
    {
        await _bytes.DisposeAsync();
        await Connection.DisposeAsync();
    }

    private static byte[] Parameters()
    {
        byte[] content =
        [
            .. Parameter(0x04, 1 << 20), .. Parameter(0x05, 1 << 20), .. Parameter(0x06, 1 << 20), .. Parameter(0x07, 1 << 20),
            .. Parameter(0x08, 8), .. Parameter(0x09, 8),
        ];
        return [.. Integers(0x3f5153300d0a0d0a, content.Length), .. content];
    }

    private static byte[] Parameter(long id, long value) => [.. Integers(id, Integers(value).Length, value)];
}
