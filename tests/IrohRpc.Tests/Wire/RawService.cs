using System.Net;
using IrohRpc.Internal;
using IrohRpc.Transports;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Tests;

/// <summary>A peer that answers in bytes, to a real caller.</summary>
internal sealed class RawService : IAsyncDisposable
{
    private readonly ConformancePeer _serverPeer = new();
    private readonly ConformancePeer _clientPeer = new();

    public required PeerRpcConnection Client { get; init; }

    /// <summary>The service's end of the connection.</summary>
    public required PeerConnection Connection { get; init; }

    public IWorkshop Proxy => field ??= Client.GetProxy<IWorkshop>();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RawService> StartAsync(ClientOptions? options = null)
    {
        ITransport transport = new MemoryNetwork().Transport;
        var serverPeer = new ConformancePeer();
        var clientPeer = new ConformancePeer();
        string[] alpns = ["workshop/2"];
        await using ITransportListener listener = await transport.ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), alpns, new PeerOptions().ToSettings(serverPeer)), Token);
        ValueTask<PeerConnection> accepting = listener.AcceptAsync(Token);
        PeerConnection dialled = await transport.DialAsync(
            listener.LocalAddress, new DialRequest(serverPeer.Id, alpns, new PeerOptions().ToSettings(clientPeer)), Token);
        return new RawService(serverPeer, clientPeer)
        {
            Connection = await accepting,
            Client = PeerRpcConnection.Start(dialled, default(ServiceBinding), options ?? new ClientOptions()),
        };
    }

    private RawService(ConformancePeer serverPeer, ConformancePeer clientPeer)
    {
        _serverPeer = serverPeer;
        _clientPeer = clientPeer;
    }

    /// <summary>The next lane or call stream that the caller opens, behind its two bytes.</summary>
    public async Task<PeerStream> AcceptAsync(StreamKind kind)
    {
        PeerStream stream = await Connection.AcceptBidirectionalStreamAsync(Token).Soon();
        byte[] preface = new byte[2];
        await stream.ReadExactlyAsync(preface, Token).AsTask().WaitAsync(RpcPair.Bound, Token);
        Assert.Equal([1, (byte)kind], preface);
        return stream;
    }

    /// <summary>Reads a request and says its number.</summary>
    public static async Task<byte> RequestAsync(PeerStream stream)
    {
        (byte type, byte[] body) = (await RawPeer.ReadAsync(stream))!.Value;
        Assert.Equal((byte)FrameType.Request, type);
        return body[0];
    }

    public static Task AnswerAsync(PeerStream stream, FrameType type, params byte[] body)
        => stream.WriteAsync(RawPeer.Frame((byte)type, body), Token).Soon();

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync().Soon();
        await Connection.DisposeAsync().Soon();
        _serverPeer.Dispose();
        _clientPeer.Dispose();
    }
}
