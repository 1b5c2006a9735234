using System.Buffers.Binary;
using IrohRpc.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>A peer that speaks in bytes, to a real server: what somebody could send who wrote a peer from docs/protocol.md, or wants harm.</summary>
internal sealed class RawPeer(RpcPair pair) : IAsyncDisposable
{
    public RpcPair Pair => pair;

    public PeerConnection Connection => pair.Dialled;

    public static async Task<RawPeer> StartAsync(ServiceOptions? options = null)
        => new(await RpcPair.StartAsync(new MemoryNetwork().Transport, options));

    public static byte[] Request(byte call, string method, string signature, byte[] arguments, byte[]? fields = null, byte target = 0, FrameType type = FrameType.Request)
    {
        fields ??= [];
        return Frame((byte)type, [call, target, .. Id(method, signature), (byte)fields.Length, .. fields, .. arguments]);
    }

    public static byte[] Id(string method, string signature)
    {
        byte[] id = new byte[12];
        BinaryPrimitives.WriteUInt32LittleEndian(id, WireIds.Name(method));
        BinaryPrimitives.WriteUInt64LittleEndian(id.AsSpan(4), WireIds.Signature(signature));
        return id;
    }

    public static byte[] Frame(byte type, byte[] body)
    {
        Span<byte> length = stackalloc byte[8];
        return [.. length[..VarInt.Write(length, 1 + body.Length)], type, .. body];
    }

    public Task<PeerStream> OpenAsync() => Connection.OpenBidirectionalStreamAsync(TestContext.Current.CancellationToken).Soon();

    public async Task<PeerStream> OpenLaneAsync(params byte[][] frames)
    {
        PeerStream stream = await OpenAsync();
        await stream.WriteAsync((byte[])[1, 0, .. frames.SelectMany(frame => frame)], TestContext.Current.CancellationToken).Soon();
        return stream;
    }

    /// <summary>The next frame: its type and body; null at the end.</summary>
    public static async Task<(byte Type, byte[] Body)?> ReadAsync(PeerStream stream)
    {
        long length = 0;
        byte[] first = new byte[1];
        if (await stream.ReadAsync(first, TestContext.Current.CancellationToken).AsTask().WaitAsync(RpcPair.Bound) == 0)
        {
            return null;
        }

        byte[] prefix = new byte[1 << (first[0] >> 6)];
        prefix[0] = first[0];
        await stream.ReadExactlyAsync(prefix.AsMemory(1), TestContext.Current.CancellationToken).AsTask().WaitAsync(RpcPair.Bound);
        Read(prefix, out length);
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, TestContext.Current.CancellationToken).AsTask().WaitAsync(RpcPair.Bound);
        return (body[0], body[1..]);

        static void Read(ReadOnlySpan<byte> bytes, out long value) => VarInt.TryRead(ref bytes, out value);
    }

    public async ValueTask DisposeAsync() => await pair.DisposeAsync();
}
