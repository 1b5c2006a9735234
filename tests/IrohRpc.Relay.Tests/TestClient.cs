using System.Threading.Channels;
using IrohRpc.Reach.Relay;
using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Relay.Tests;

/// <summary>A relay session that keeps what it receives.</summary>
internal sealed class TestClient : IRelayReceiver, IAsyncDisposable
{
    private readonly SecretKey _key;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly Channel<EndpointId> _gone = Channel.CreateUnbounded<EndpointId>();
    private readonly Channel<(RelaySessionState State, string? Problem)> _states = Channel.CreateUnbounded<(RelaySessionState, string?)>();

    public TestClient(Uri url, SecretKey? key = null, RelaySessionOptions? options = null)
    {
        _key = key ?? SecretKey.Generate();
        Id = _key.Id;
        Session = new RelaySession(url, _key, options ?? new RelaySessionOptions(), this);
    }

    public EndpointId Id { get; }

    public RelaySession Session { get; }

    public static async Task<TestClient> ConnectAsync(Uri url, SecretKey? key = null, RelaySessionOptions? options = null)
    {
        var client = new TestClient(url, key, options);
        await client.Session.WaitConnectedAsync(Cancel).Soon();
        return client;
    }

    public static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public bool Send(EndpointId peer, ReadOnlySpan<byte> bytes, int? segmentSize = null, RelayEcn ecn = RelayEcn.None)
        => Session.TrySend(new RelayDatagrams(peer, ecn, segmentSize ?? bytes.Length, bytes));

    public Task<Received> ReceiveAsync() => _received.Reader.ReadAsync(Cancel).AsTask().Soon();

    public bool TryReceive(out Received received) => _received.Reader.TryRead(out received);

    public Task<EndpointId> GoneAsync() => _gone.Reader.ReadAsync(Cancel).AsTask().Soon();

    public async Task<string?> StateAsync(RelaySessionState state)
    {
        while (true)
        {
            (RelaySessionState reached, string? problem) = await _states.Reader.ReadAsync(Cancel).AsTask().Soon();
            if (reached == state)
            {
                return problem;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        _key.Dispose();
    }

    void IRelayReceiver.OnDatagrams(RelayDatagrams datagrams)
        => _received.Writer.TryWrite(new Received(datagrams.Peer, datagrams.Ecn, datagrams.SegmentSize, datagrams.Bytes.ToArray()));

    void IRelayReceiver.OnEndpointGone(EndpointId peer) => _gone.Writer.TryWrite(peer);

    void IRelayReceiver.OnStateChanged(RelaySessionState state, string? problem) => _states.Writer.TryWrite((state, problem));

    internal readonly record struct Received(EndpointId Peer, RelayEcn Ecn, int SegmentSize, byte[] Bytes);
}
