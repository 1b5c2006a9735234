using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.Conformance;

/// <summary>A memory network, for the suite.</summary>
public sealed class MemoryUnderTest : TransportUnderTest
{
    private readonly MemoryNetwork _network = new();

    public override ITransport Transport => _network.Transport;

    public override bool FollowsTimeProvider => true;

    public override bool HasPorts => false;

    public override bool HasPriorities => true;

    public override bool TellsSilence => true;

    // What waits behind another stream's bytes may be on the path.
    public override int WriteAheadSlack => 1024 * 1024;

    public override ValueTask<BreakablePath> MakeBreakablePathAsync(ITransportListener listener, EndpointId dialler, EndpointId acceptor)
        => new(new Path(_network, listener.LocalAddress, dialler, acceptor));

    public override async ValueTask<TransportAddress> GetSilentAddressAsync(ConformancePeer dialler, ConformancePeer acceptor)
    {
        _network.Partition(dialler.Id, acceptor.Id);
        var request = new ListenRequest(ListenOn, ["conformance/1"], new PeerOptions().ToSettings(acceptor));
        return (await Transport.ListenAsync(request, TestContext.Current.CancellationToken)).LocalAddress;
    }

    public override ValueTask<IAsyncDisposable?> StallHandshakeAsync(
        ITransportListener listener, ConformancePeer dialler, ConformancePeer acceptor)
    {
        // The greeting arrives, the answer does not.
        _network.SetLatency(acceptor.Id, dialler.Id, TimeSpan.FromHours(1));
        return new(new StalledDial(Transport, listener.LocalAddress, dialler, acceptor));
    }

    private sealed class Path(MemoryNetwork network, TransportAddress address, EndpointId dialler, EndpointId acceptor) : BreakablePath
    {
        public override TransportAddress Address => address;

        public override bool CanCut => true;

        public override void Block() => network.Partition(dialler, acceptor);

        public override void Unblock() => network.Heal(dialler, acceptor);

        public override void Cut() => network.LoseConnections(dialler, acceptor);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
