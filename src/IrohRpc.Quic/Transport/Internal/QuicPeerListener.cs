using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Tls;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>Listens on one UDP port: admits diallers, lets them shake hands side by side, queues those that are done.</summary>
internal sealed partial class QuicPeerListener : ITransportListener, IConnectionAcceptor
{
    private readonly Lock _lock = new();
    private readonly HashSet<AcceptedConnection> _handshakes = [];
    private readonly QuicEndpoint _endpoint;
    private readonly QuicTransportOptions _options;
    private readonly IHandshakeAdmission? _admission;
    private readonly AcceptQueue _queue;
    private volatile AlpnList _alpns;
    private Task? _disposal;

    private QuicPeerListener(
        QuicNode node, QuicEndpoint endpoint, TransportAddress localAddress, ListenRequest request, QuicTransportOptions options)
    {
        Node = node;
        _endpoint = endpoint;
        _options = options;
        _admission = request.Admission;
        _alpns = AlpnList.ForAcceptor(request.Alpns);
        Settings = request.Settings;
        LocalAddress = localAddress;
        ConnectionOptions = ConnectionOptionsOf.Settings(request.Settings, options);
        _queue = new AcceptQueue(request.Settings.AcceptBacklog, LocalAddress.Describe());
    }

    /// <inheritdoc/>
    public TransportAddress LocalAddress { get; }

    /// <summary>What the listener shares with dials of the same endpoint.</summary>
    public QuicNode Node { get; }

    /// <summary>Limits and times.</summary>
    public TransportSettings Settings { get; }

    /// <summary>The same for connections.</summary>
    public QuicConnectionOptions ConnectionOptions { get; }

    /// <summary>Starts to listen.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public static QuicPeerListener Start(ListenRequest request, QuicTransportOptions options)
    {
        // Checked before anything is bound.
        AlpnList.ForAcceptor(request.Alpns);
        QuicNode node = QuicNode.Of(request.Settings);
        QuicEndpoint endpoint = node.Listen(request.LocalEndPoint, options);
        return Start(node, endpoint, TransportAddress.Ip(endpoint.LocalEndPoint), request, options);
    }

    /// <summary>Starts to take in peers that come through relays.</summary>
    public static QuicPeerListener Start(ListenRequest request, IDatagramRelay relay, TransportAddress localAddress, QuicTransportOptions options)
    {
        AlpnList.ForAcceptor(request.Alpns);
        QuicNode node = QuicNode.Of(request.Settings);
        return Start(node, node.UseRelay(relay, options), localAddress, request, options);
    }

    /// <inheritdoc/>
    public ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken) => _queue.AcceptAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask SetAlpnsAsync(IReadOnlyList<string> alpns, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _alpns = AlpnList.ForAcceptor(alpns);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new ValueTask(_disposal ??= DisposeCoreAsync());
        }
    }

    /// <inheritdoc/>
    public IIncomingConnection? TryAccept(UdpAddress remote)
    {
        TransportAddress address = PathAddresses.Of(remote);

        // First: it may give up another handshake, whose place in the queue is then free.
        IHandshakeLease? lease = null;
        if (_admission is not null)
        {
            lease = AskAdmission(_admission, address);
            if (lease is null)
            {
                LogRefused(Node.Logger, address, LocalAddress, "admission said no");
                return null;
            }
        }

        if (!_queue.TryReserve())
        {
            LogRefused(Node.Logger, address, LocalAddress, "as many connections as AcceptBacklog allows wait to be accepted");
            lease?.Dispose();
            return null;
        }

        var connection = new AcceptedConnection(this, address, lease);
        lock (_lock)
        {
            _handshakes.Add(connection);
        }

        return connection;
    }

    /// <summary>Makes the server's side of a handshake.</summary>
    internal TlsHandshake CreateHandshake(ITlsHandshakeSink sink, ReadOnlyMemory<byte> parameters) => TlsHandshake.CreateServer(
        new TlsServerOptions
        {
            Identity = Node.Identity,
            Alpns = _alpns.Names,
            TransportParameters = parameters,
            CipherSuites = _options.CipherSuites ?? TlsOptions.DefaultSuites,
            TicketKeys = _options.ResumesSessions ? Node.TicketKeys : null,
            EarlyData = _options.AllowsEarlyData ? Node.EarlyData : null,
            EarlyDataContext = ConnectionOptionsOf.EarlyDataContext(ConnectionOptions),
            TimeProvider = Settings.TimeProvider,
        },
        sink);

    /// <summary>A dialler has proved who it is. Within the connection's lock.</summary>
    internal void HandshakeCompleted(AcceptedConnection connection, IHandshakeLease? lease)
    {
        lock (_lock)
        {
            _handshakes.Remove(connection);
        }

        try
        {
            lease?.HandshakeCompleted(connection);
        }
#pragma warning disable CA1031 // An application's rule that throws must not end the endpoint's thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogAdmissionThrew(Node.Logger, LocalAddress, exception);
        }

        if (!_queue.TryEnqueue(connection))
        {
            // The listener is gone. What ends the connection must not run within its lock.
            ThreadPool.UnsafeQueueUserWorkItem(static connection => connection.DisposeAsync().AsTask(), connection, preferLocal: false);
        }
    }

    /// <summary>A connection has ended. Within its lock.</summary>
    internal void ConnectionEnded(AcceptedConnection connection, IHandshakeLease? lease, bool hasShakenHands)
    {
        if (!hasShakenHands)
        {
            lock (_lock)
            {
                _handshakes.Remove(connection);
            }

            _queue.Release();
        }

        try
        {
            lease?.Dispose();
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogAdmissionThrew(Node.Logger, LocalAddress, exception);
        }
    }

    private static QuicPeerListener Start(
        QuicNode node, QuicEndpoint endpoint, TransportAddress localAddress, ListenRequest request, QuicTransportOptions options)
    {
        var listener = new QuicPeerListener(node, endpoint, localAddress, request, options);
        endpoint.SetAcceptor(listener);
        return listener;
    }

    private IHandshakeLease? AskAdmission(IHandshakeAdmission admission, TransportAddress remote)
    {
        try
        {
            return admission.TryAdmit(remote);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogAdmissionThrew(Node.Logger, LocalAddress, exception);
            return null;
        }
    }

    private async Task DisposeCoreAsync()
    {
        // The first caller runs this under the lock.
        await Task.Yield();
        _endpoint.SetAcceptor(null);
        AcceptedConnection[] handshakes;
        lock (_lock)
        {
            handshakes = [.. _handshakes];
        }

        foreach (AcceptedConnection connection in handshakes)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        await _queue.CloseAsync().ConfigureAwait(false);
        await Node.StopListeningAsync(_endpoint).ConfigureAwait(false);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connection from {Remote} to {Local} was refused: {Reason}.")]
    private static partial void LogRefused(ILogger logger, TransportAddress remote, TransportAddress local, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The admission rule of the listener at {Local} threw; the connection is treated as its answer would have been no.")]
    private static partial void LogAdmissionThrew(ILogger logger, TransportAddress local, Exception exception);
}
