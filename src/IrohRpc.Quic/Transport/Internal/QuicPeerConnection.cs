using System.Net;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Resumption;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.Multiplexed;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>A connection over QUIC, dialled or accepted, from before its handshake to its end.</summary>
/// <remarks>One lock guards the state machine and all streams. Whoever has something to send sends it; what arrives comes on the endpoint's thread.</remarks>
internal abstract partial class QuicPeerConnection : MultiplexedConnection, IConnectionOwner
{
    // A read of this many bytes is part of a bulk transfer.
    private const int BulkRead = 8 * 1024;

    private readonly TransportSettings _settings;
    private TransportAddress? _localAddress;
    private EndpointConnection? _io;
    private bool _expectsAnswer;
    private TaskCompletionSource? _handshake;
    private bool _acceptsEarlyData;

    // Made for the first bulk transfer.
    private List<MultiplexedPeerStream>? _untold;

    private protected QuicPeerConnection(QuicNode node, TransportSettings settings, TransportAddress remoteAddress)
        : base(new Lock())
    {
        Node = node;
        _settings = settings;
        RemoteAddress = remoteAddress;
    }

    /// <inheritdoc/>
    public override EndpointId PeerId => Core.Tls.PeerId ?? throw new InvalidOperationException("The handshake is not complete.");

    /// <inheritdoc/>
    public override string Alpn => Core.Tls.Alpn!;

    /// <inheritdoc/>
    public override bool IsDialler => !Core.IsServer;

    /// <inheritdoc/>
    public override string Transport => QuicTransport.TransportName;

    /// <inheritdoc/>
    public override TransportAddress RemoteAddress { get; }

    /// <inheritdoc/>
    public override TransportAddress LocalAddress
    {
        get
        {
            lock (Gate)
            {
                return _localAddress ??= Core.Path.Remote.Relayed is { } relayed
                    ? TransportAddress.Relay(relayed.RelayUrl)
                    : TransportAddress.Ip(LocalEndPoints.Of(Core.Path, Io.Endpoint.LocalEndPoint));
            }
        }
    }

    /// <inheritdoc/>
    public override Task HandshakeCompleted => _handshake?.Task ?? Task.CompletedTask;

    Lock IConnectionOwner.Gate => Gate;

    /// <summary>What drives the connection.</summary>
    internal EndpointConnection Io => _io!;

    private protected QuicNode Node { get; }

    private protected QuicConnection Core => Io.Core;

    private protected override StreamMultiplexer Streams => Core.Streams;

    // A dialler that sends early data knows what it does; an acceptor says so.
    private protected override bool HasStreams
        => Core.State != ConnectionState.Handshaking || (Core.HasEarlyStreams && (!Core.IsServer || _acceptsEarlyData));

    /// <inheritdoc/>
    public override void AcceptEarlyData()
    {
        lock (Gate)
        {
            _acceptsEarlyData = true;
            if (End is null)
            {
                ServeWaiters();
            }
        }
    }

    /// <inheritdoc/>
    public override TimeSpan MeasureSilence()
    {
        TimeSpan silence;
        bool mustSend;
        lock (Gate)
        {
            silence = Core.MeasureSilence(Io.Now);
            mustSend = Io.TryClaimSending();
        }

        if (mustSend)
        {
            Io.SendNow();
        }

        return silence;
    }

    /// <inheritdoc/>
    public override ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(errorCode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(errorCode, MaxErrorCode);
        ArgumentNullException.ThrowIfNull(reason);
        bool mustSend;
        lock (Gate)
        {
            Core.CloseByApplication(errorCode, reason, Io.Now);
            HandleEvents(Core.TakeEvents(), isMoreComing: false);
            mustSend = Io.TryClaimSending();
        }

        if (mustSend)
        {
            // The goodbye leaves within this call; a peer that does not hear it is told again when it speaks.
            Io.SendNow();
        }

        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Task socket = SocketsClosedAsync(Io.Closed());
        return socket.IsCompleted ? ValueTask.CompletedTask : new ValueTask(socket.WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return CloseAsync(0);
    }

    /// <inheritdoc/>
    public void HandleEvents(ConnectionEvents events, bool isMoreComing)
    {
        // Before anybody hears of bytes that came after it.
        if (_handshake is not null && Core.State != ConnectionState.Handshaking)
        {
            _handshake.TrySetResult();
        }

        // What has arrived is told before the end is.
        HandleStreamEvents(isMoreComing && Core.Close is null);
        if ((events & ConnectionEvents.SessionReceived) != 0)
        {
            while (Core.TryTakeSession(out TlsSession? session))
            {
                Node.Peers.Add(session, RemoteAddress);
            }
        }

        if ((events & ConnectionEvents.TokenReceived) != 0 && Core.TryTakeToken(out byte[]? token) && Core.Tls.PeerId is { } peer)
        {
            Node.Peers.Add(peer, token);
        }

        if ((events & (ConnectionEvents.HandshakeCompleted | ConnectionEvents.EarlyDataAccepted)) != 0)
        {
            if ((events & ConnectionEvents.HandshakeCompleted) == 0)
            {
                ExpectHandshake();
            }

            if ((events & ConnectionEvents.HandshakeCompleted) != 0 && Core.State == ConnectionState.Open)
            {
                StartNatTraversal();
            }

            HandleHandshakeCompleted();
        }

        if ((events & ConnectionEvents.Closed) != 0)
        {
            // Not before: the goodbye leaves from them.
            ReleaseHeld();
        }

        if ((events & ConnectionEvents.AddressObserved) != 0 && Core.Close is null && Core.ObservedAddress is { } observed)
        {
            Node.ReportedAddresses.Set(this, PeerId, observed.ToIPEndPoint());
        }

        if ((events & ConnectionEvents.PathChanged) != 0)
        {
            HandlePathChanged();
        }

        if ((events & (ConnectionEvents.DatagramReceived | ConnectionEvents.HandshakeCompleted)) != 0 && Core.State == ConnectionState.Open)
        {
            ServeDatagrams();
        }

        if (Core.Close is { } close)
        {
            HandleEnd(close);
        }
        else if (HasStreams)
        {
            ServeWaiters();
        }
    }

    /// <inheritdoc/>
    public bool TakeExpectsAnswer()
    {
        bool expects = _expectsAnswer;
        _expectsAnswer = false;
        return expects;
    }

    /// <inheritdoc/>
    public virtual void HandleUnreachable()
    {
    }

    internal override void WakeSender() => Io.RequestFlush();

    internal override bool TryClaimSending() => Core.Streams.HasFrames && Io.TryClaimSending();

    internal override void SendNow(int maxWrites = int.MaxValue) => Io.SendNow(Math.Min(maxWrites, 8));

    internal override void CompleteRead(CompletedRead read)
    {
        // Small calls have priority, and are answered, or followed by the next call, as soon as they are read.
        _expectsAnswer |= read.Stream is { IsPreferred: true };
        read.Complete(inline: false);
    }

    /// <summary>Takes over what drives the connection.</summary>
    private protected void Attach(EndpointConnection io) => _io = io;

    /// <summary>The connection is used before its handshake is over. Within the lock.</summary>
    private protected void ExpectHandshake() => _handshake ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Both sides know each other; at an acceptor that takes early data twice, then and at the handshake's end. Within the lock.</summary>
    private protected abstract void HandleHandshakeCompleted();

    /// <summary>The connection has ended, before or after its handshake. Within the lock, once.</summary>
    private protected abstract void HandleEnded(ConnectionClose close);

    private void HandleStreamEvents(bool isMoreComing)
    {
        while (Core.Streams.TryTakeEvent(out MultiplexedStream stream, out StreamEvents events))
        {
            if (stream.Owner is not MultiplexedPeerStream owner)
            {
                continue;
            }

            if (isMoreComing && events == StreamEvents.Readable && owner.IsFilling(BulkRead))
            {
                // A bulk transfer's reader is woken once for what arrives together, not for each piece of it.
                (_untold ??= []).Add(owner);
            }
            else
            {
                owner.Handle(events);
            }
        }

        if (!isMoreComing && _untold is { Count: > 0 })
        {
            foreach (MultiplexedPeerStream stream in _untold)
            {
                stream.Handle(StreamEvents.Readable);
            }

            _untold.Clear();
        }
    }

    private void HandleEnd(ConnectionClose close)
    {
        if (End is not null)
        {
            return;
        }

        ConnectionEnd end = ConnectionEnds.From(close);
        SetEnd(end);
        FailDatagrams(end);
        LogEnded(Node.Logger, RemoteAddress, end.Kind, end.ErrorCode, end.Reason, end.Exception);
        HandleEnded(close);
        SetClosed();
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "QUIC connection with {Remote} ended: {Kind}, code {ErrorCode}, reason \"{Reason}\".")]
    private static partial void LogEnded(
        ILogger logger, TransportAddress remote, PeerErrorKind kind, long? errorCode, string reason, Exception? exception);
}
