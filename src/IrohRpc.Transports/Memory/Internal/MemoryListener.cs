using System.Threading.Channels;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>A listening end in a memory network.</summary>
internal sealed class MemoryListener(MemoryNetwork network, TransportAddress address, ListenRequest request) : ITransportListener
{
    private readonly Channel<MemoryConnection> _accepted = Channel.CreateUnbounded<MemoryConnection>();
    private readonly HashSet<MemoryHandshake> _handshakes = [];
    private readonly Lock _gate = new();
    private readonly ILogger _logger = request.Settings.LoggerFactory.CreateLogger<MemoryListener>();
    private string[] _alpns = [.. request.Alpns];
    private int _backlog;
    private bool _disposed;

    public TransportAddress LocalAddress => address;

    public EndpointId Id => Settings.Certificates.Id;

    public TransportSettings Settings => request.Settings;

    public ILogger Logger => _logger;

    public async ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            MemoryConnection connection = await _accepted.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            LeaveBacklog();
            return connection;
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(MemoryListener), $"The listener at {address} was disposed.");
        }
    }

    public ValueTask SetAlpnsAsync(IReadOnlyList<string> alpns, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alpns);
        cancellationToken.ThrowIfCancellationRequested();
        Volatile.Write(ref _alpns, [.. alpns]);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        MemoryHandshake[] handshakes;
        lock (_gate)
        {
            if (_disposed)
            {
                return ValueTask.CompletedTask;
            }

            _disposed = true;
            handshakes = [.. _handshakes];
            _handshakes.Clear();
        }

        network.Forget(this);
        foreach (MemoryHandshake handshake in handshakes)
        {
            handshake.Refuse(new MemoryRejection(PeerErrorKind.Refused, "the listener was disposed during the handshake"));
        }

        _accepted.Writer.TryComplete();
        while (_accepted.Reader.TryRead(out MemoryConnection? connection))
        {
            connection.EndWith(new ConnectionEnd(PeerErrorKind.ClosedLocally, 0, "the listener was disposed"));
            connection.Link.Cut();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A dialler came: its first frame follows on the link.</summary>
    public void Incoming(MemoryLink link)
    {
        var handshake = new MemoryHandshake(this, link);
        bool listening;
        lock (_gate)
        {
            listening = !_disposed;
            if (listening)
            {
                _handshakes.Add(handshake);
            }
        }

        link.ToAcceptor.DeliverTo(handshake);
        if (!listening)
        {
            handshake.Refuse(new MemoryRejection(PeerErrorKind.Unreachable, "nobody listens there any more"));
        }
    }

    /// <summary>Takes a place before the handshake, by the backlog and the admission.</summary>
    /// <param name="remoteAddress">Where the dialler is.</param>
    /// <param name="lease">The admission's lease, null where there is no admission.</param>
    /// <returns>Whether the handshake may go on; then <see cref="LeaveBacklog"/> gives the place back.</returns>
    public bool TryAdmit(TransportAddress remoteAddress, out IHandshakeLease? lease)
    {
        lease = null;
        if (Interlocked.Increment(ref _backlog) <= Settings.AcceptBacklog)
        {
            if (request.Admission is null)
            {
                return true;
            }

            lease = request.Admission.TryAdmit(remoteAddress);
            if (lease is not null)
            {
                return true;
            }
        }

        LeaveBacklog();
        return false;
    }

    public void LeaveBacklog() => Interlocked.Decrement(ref _backlog);

    /// <summary>The first of this side's ALPNs that the dialler offers too, or null.</summary>
    public string? Choose(IReadOnlyList<string> offered)
        => Array.Find(Volatile.Read(ref _alpns), alpn => offered.Contains(alpn, StringComparer.Ordinal));

    /// <summary>The handshake ended without a connection.</summary>
    public void Failed(MemoryHandshake handshake, string reason)
    {
        lock (_gate)
        {
            _handshakes.Remove(handshake);
        }

        MemoryLog.HandshakeFailed(_logger, handshake.RemoteAddress, address, reason);
    }

    /// <summary>Hands out a connection.</summary>
    /// <returns>False where the listener was disposed meanwhile.</returns>
    public bool TryAccept(MemoryHandshake handshake, MemoryConnection connection)
    {
        lock (_gate)
        {
            return _handshakes.Remove(handshake) && _accepted.Writer.TryWrite(connection);
        }
    }
}
