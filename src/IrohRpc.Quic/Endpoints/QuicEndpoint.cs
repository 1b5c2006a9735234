using System.Collections.Concurrent;
using System.Net;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints.Sockets;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Tls;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Quic.Endpoints;

/// <summary>One socket with all connections that were made over it, dialled and accepted, and the thread that receives and keeps the time for them.</summary>
/// <remarks>
/// The thread never runs anybody else's code. The socket is closed when nobody uses the endpoint any more: <see cref="Release"/> was called for
/// each <see cref="TryAddUser"/> and for the start, and no connection is left.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The thread disposes of what it uses, once nobody uses the endpoint.")]
internal sealed partial class QuicEndpoint : IDatagramReceiver
{
    private readonly QuicEndpointOptions _options;
    private readonly EndpointGroup _group;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<ConnectionId, EndpointConnection> _routes;
    private readonly AddressTokens _tokens;
    private readonly byte[] _resetKey;
    private readonly long _startedAt;
    private readonly Lock _usersLock = new();
    private readonly HashSet<EndpointConnection> _connections = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _users = 1;
    private bool _isClosed;
    private volatile bool _endsAtOnce;

    private QuicEndpoint(DatagramSocket socket, QuicEndpointOptions options)
    {
        _group = options.Group ?? new EndpointGroup();
        _routes = _group.Routes;
        _socket = socket;
        _localEndPoint = socket.LocalEndPoint;
        _options = options;
        _logger = options.Logger;
        _startedAt = options.TimeProvider.GetTimestamp();
        _tokens = new AddressTokens(options.TokenKey.Span, options.TimeProvider);
        _resetKey = options.StatelessResetKey.ToArray();
        _pending = new PendingHandshakes(options.MaxHandshakes);
        _clockTimer = options.TimeProvider == TimeProvider.System
            ? null
            : options.TimeProvider.CreateTimer(
                static endpoint => ((QuicEndpoint)endpoint!)._socket.Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = $"QUIC {socket.LocalEndPoint}" };
        _group.Add(this);
        _thread.Start();
    }

    /// <summary>The time since the endpoint was bound.</summary>
    public TimeSpan Now => _options.TimeProvider.GetElapsedTime(_startedAt);

    /// <summary>How many connections there are, those included that have ended and wait for stragglers.</summary>
    public int ConnectionCount
    {
        get
        {
            lock (_usersLock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>How many connection ids lead to connections.</summary>
    public int RouteCount => _routes.Count;

    /// <summary>Binds a socket and starts to receive.</summary>
    /// <param name="endPoint">The address and port; port zero for any free one.</param>
    /// <param name="options">Keys and limits.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be bound.</exception>
    public static QuicEndpoint Bind(IPEndPoint endPoint, QuicEndpointOptions options)
        => new(UdpSocket.Bind(endPoint, options.UsesPlainSocket), options);

    /// <summary>Starts to receive from a socket, which the endpoint owns from here on.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="options">Keys and limits.</param>
    public static QuicEndpoint Start(DatagramSocket socket, QuicEndpointOptions options) => new(socket, options);

    /// <summary>One more uses the endpoint.</summary>
    /// <returns>Whether it is still there.</returns>
    public bool TryAddUser()
    {
        lock (_usersLock)
        {
            _users += _isClosed ? 0 : 1;
            return !_isClosed;
        }
    }

    /// <summary>One fewer uses the endpoint.</summary>
    public void Release()
    {
        lock (_usersLock)
        {
            _users--;
            CloseIfUnused();
        }
    }

    /// <summary>
    /// As <see cref="Release"/>, and connections that have ended do not keep the socket any longer: whoever binds the address next wants it now.
    /// </summary>
    /// <returns>Completes when the socket is closed, or at once where there is still somebody to use it.</returns>
    public Task ReleaseNow()
    {
        _endsAtOnce = true;
        EndpointConnection[] connections;
        lock (_usersLock)
        {
            connections = [.. _connections];
        }

        foreach (EndpointConnection connection in connections)
        {
            connection.ForgetIfEnded();
        }

        lock (_usersLock)
        {
            _users--;
            CloseIfUnused();
            return _isClosed ? _closed.Task : Task.CompletedTask;
        }
    }

    /// <summary>Completes when the socket is closed, where nobody uses it any more; otherwise at once.</summary>
    public Task WhenClosing
    {
        get
        {
            lock (_usersLock)
            {
                return _isClosed ? _closed.Task : Task.CompletedTask;
            }
        }
    }

    /// <summary>Whether connections that end are forgotten at once: <see cref="ReleaseNow"/> was called.</summary>
    internal bool EndsAtOnce => _endsAtOnce;

    /// <summary>A connection was closed from this side. After <see cref="ReleaseNow"/> it does not keep the socket any longer.</summary>
    /// <returns>Completes when the socket is closed, where this connection was the last to use it after <see cref="ReleaseNow"/>; otherwise at once.</returns>
    internal Task ClosedByOwner(EndpointConnection connection)
    {
        if (!_endsAtOnce)
        {
            return Task.CompletedTask;
        }

        connection.ForgetIfEnded();
        lock (_usersLock)
        {
            return _isClosed ? _closed.Task : Task.CompletedTask;
        }
    }

    /// <summary>Starts a connection to a server. Its first datagram leaves at once.</summary>
    /// <param name="owner">Who uses the connection.</param>
    /// <param name="remote">Where the server is.</param>
    /// <param name="options">The connection's limits.</param>
    /// <param name="createTls">Makes the handshake.</param>
    /// <param name="token">A token of an earlier connection; empty for none.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ObjectDisposedException">The endpoint has been closed.</exception>
    public EndpointConnection Connect(
        IConnectionOwner owner,
        in UdpAddress remote,
        QuicConnectionOptions options,
        Func<ITlsHandshakeSink, ReadOnlyMemory<byte>, TlsHandshake> createTls,
        ReadOnlySpan<byte> token)
    {
        var connection = new EndpointConnection(this, owner);
        lock (connection.Gate)
        {
            connection.Core = QuicConnection.CreateClient(
                options, createTls, connection, new NetworkPath(remote), Now, token);
        }

        Add(connection);
        return connection;
    }

    /// <summary>Sends datagrams of one of the connections.</summary>
    internal void Send(ReadOnlySpan<byte> datagrams, in OutgoingDatagrams outgoing)
    {
        if (Reaches(outgoing.Path.Remote))
        {
            _socket.Send(datagrams, outgoing);
        }
        else if (_group.Use(outgoing.Path.Remote) is { } other)
        {
            other._socket.Send(datagrams, outgoing);
            other.Release();
        }
        else if (_socket.Carries(outgoing.Path.Remote))
        {
            _socket.Send(datagrams, outgoing);
        }
    }

    /// <summary>Makes an id that leads to a connection.</summary>
    internal ConnectionId IssueId(EndpointConnection connection, out StatelessResetToken token)
    {
        ConnectionId id;
        do
        {
            id = ConnectionId.CreateRandom(QuicConnection.LocalConnectionIdLength);
        }
        while (!_routes.TryAdd(id, connection));

        token = TokenOf(id);
        return id;
    }

    /// <summary>An id leads nowhere any more.</summary>
    internal void RetireId(in ConnectionId id) => _routes.TryRemove(id, out _);

    /// <summary>A connection is over and done with.</summary>
    internal void Forget(EndpointConnection connection)
    {
        if (connection.FirstDestination is { } first)
        {
            _routes.TryRemove(new KeyValuePair<ConnectionId, EndpointConnection>(first, connection));
        }

        lock (_usersLock)
        {
            _connections.Remove(connection);
            CloseIfUnused();
        }
    }

    private StatelessResetToken TokenOf(in ConnectionId id)
    {
        Span<byte> token = stackalloc byte[StatelessReset.TokenLength];
        StatelessReset.DeriveToken(_resetKey, id, token);
        return new StatelessResetToken(token);
    }

    private void Add(EndpointConnection connection)
    {
        lock (_usersLock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _connections.Add(connection);
        }
    }

    private void CloseIfUnused()
    {
        if (_users == 0 && _connections.Count == 0 && !_isClosed)
        {
            _isClosed = true;
            _group.Remove(this);
            _socket.Wake();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The QUIC endpoint at {EndPoint} met an error of its own; one connection is given up.")]
    private static partial void LogFault(ILogger logger, IPEndPoint endPoint, Exception exception);
}
