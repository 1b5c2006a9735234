using System.Net;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Transport.Internal;

namespace IrohRpc.Quic.AddressDiscovery;

/// <summary>
/// Asks an <see cref="AddressObserver"/> at which address it sees the sockets of an endpoint, and stays connected, so that NATs keep the address and a change is told.
/// </summary>
/// <remarks>What it tells is a hint: it is only ever tried. So it does not matter who answers.</remarks>
internal sealed class AddressQuery : IConnectionOwner, IAsyncDisposable
{
    private static readonly QuicConnectionOptions Settings = new()
    {
        Limits = StreamLimits.None,
        WantsObservedAddress = true,
        AcceptsDatagrams = false,
        IdleTimeout = TimeSpan.FromSeconds(35),
        KeepAliveInterval = TimeSpan.FromSeconds(15),
        HandshakeTimeout = TimeSpan.FromSeconds(5),
    };

    private readonly Action<IPEndPoint> _observed;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EndpointConnection? _io;

    private AddressQuery(Action<IPEndPoint> observed) => _observed = observed;

    /// <inheritdoc/>
    public Lock Gate { get; } = new();

    /// <summary>Completes when nobody answers any more, or ever did.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Asks.</summary>
    /// <param name="node">The endpoint.</param>
    /// <param name="server">Whom.</param>
    /// <param name="serverName">The name that it shows certificates for; empty for none.</param>
    /// <param name="timeProvider">The clock of the handshake.</param>
    /// <param name="observed">Takes each answer, on a thread of the pool.</param>
    /// <exception cref="System.Net.Sockets.SocketException">No socket can be had.</exception>
    public static AddressQuery Start(QuicNode node, IPEndPoint server, string serverName, TimeProvider timeProvider, Action<IPEndPoint> observed)
    {
        var query = new AddressQuery(observed);
        QuicEndpoint endpoint = node.GetForDial(server);
        try
        {
            query._io = endpoint.Connect(
                query,
                UdpAddress.From(server),
                Settings,
                (sink, parameters) => TlsHandshake.CreateClient(
                    new TlsClientOptions
                    {
                        Identity = node.Identity,
                        ExpectedPeer = default,
                        AcceptsAnyServer = true,
                        ServerName = serverName,
                        Alpns = [AddressObserver.Alpn],
                        TransportParameters = parameters,
                        WantsTickets = false,
                        TimeProvider = timeProvider,
                    },
                    sink),
                []);
        }
        finally
        {
            endpoint.Release();
        }

        query.Send();
        return query;
    }

    /// <inheritdoc/>
    public void HandleEvents(ConnectionEvents events, bool isMoreComing)
    {
        if (_io is not { } io)
        {
            return;
        }

        if ((events & ConnectionEvents.AddressObserved) != 0 && io.Core.ObservedAddress is { } address)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static work => work._observed(work.EndPoint), (_observed, EndPoint: address.ToIPEndPoint()), preferLocal: false);
        }

        if (io.Core.Close is not null)
        {
            _ended.TrySetResult();
        }
    }

    /// <inheritdoc/>
    public bool TakeExpectsAnswer() => false;

    /// <inheritdoc/>
    public void HandleUnreachable() => _ended.TrySetResult();

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (Gate)
        {
            // As iroh's clients say it.
            _io!.Core.CloseByApplication(1, "finished", _io.Now);
        }

        Send();
        return new ValueTask(_io.Closed());
    }

    private void Send()
    {
        bool mustSend;
        lock (Gate)
        {
            mustSend = _io!.TryClaimSending();
        }

        if (mustSend)
        {
            _io.SendNow();
        }
    }
}
