using System.Net;
using IrohRpc.Identity;
using IrohRpc.Quic.AddressDiscovery;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>What a relay tells an endpoint about where it sees it.</summary>
public sealed class ObservedAddressTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_asks_is_told_where_it_is_seen_and_hears_when_nobody_answers_any_more()
    {
        AddressObserver observer = AddressObserver.Start(new IPEndPoint(IPAddress.Loopback, 0), TimeProvider.System, NullLogger.Instance);
        await using var gate = new UdpGate(observer.LocalEndPoint, isOpen: true);
        using var key = SecretKey.Generate();
        using var certificates = new PeerCertificateSource(key);
        var settings = new TransportSettings { Certificates = certificates };
        var told = new TaskCompletionSource<IPEndPoint>(TaskCreationOptions.RunContinuationsAsynchronously);
        AddressQuery query = AddressQuery.Start(
            QuicNode.Of(settings), ((IPEndPoint)gate.Address.ToEndPoint()!), TimeProvider.System, address => told.TrySetResult(address));
        IPEndPoint seen = await told.Task.Soon();

        // The gate stands for a NAT: it has a port of its own.
        Assert.Equal(IPAddress.Loopback, seen.Address);
        Assert.Contains(seen.Port, gate.OutsidePorts);
        await query.DisposeAsync();
        await query.Ended.Soon();
        await observer.DisposeAsync().AsTask().Soon();
    }
}
