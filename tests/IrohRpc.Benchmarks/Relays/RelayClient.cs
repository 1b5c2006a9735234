using IrohRpc.Reach.Relay;
using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Benchmarks.Relays;

/// <summary>A client of a relay that counts what it receives, by its first byte: the kind of sender.</summary>
internal sealed class RelayClient : IRelayReceiver, IAsyncDisposable
{
    private readonly SecretKey _key = SecretKey.Generate();
    private readonly RelaySession _session;
    private readonly long[] _received = new long[2];

    public RelayClient(Uri url) => _session = new RelaySession(url, _key, new RelaySessionOptions { ConnectTimeout = TimeSpan.FromMinutes(2) }, this);

    public EndpointId Id => _key.Id;

    public long Received(int kind) => Interlocked.Read(ref _received[kind]);

    public Task ConnectedAsync() => _session.WaitConnectedAsync(CancellationToken.None);

    public bool TrySend(EndpointId peer, ReadOnlySpan<byte> bytes, int segment) => _session.TrySend(new RelayDatagrams(peer, RelayEcn.None, segment, bytes));

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        _key.Dispose();
    }

    public void OnDatagrams(RelayDatagrams datagrams)
        => Interlocked.Add(ref _received[datagrams.Bytes[0] & 1], (datagrams.Bytes.Length + datagrams.SegmentSize - 1) / datagrams.SegmentSize);

    public void OnEndpointGone(EndpointId peer)
    {
    }

    public void OnStateChanged(RelaySessionState state, string? problem)
    {
    }
}
