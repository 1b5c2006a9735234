using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Transports.Multiplexed;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.QMux;

/// <summary>A connection that carries QMux (draft-ietf-quic-qmux) over a duplex stream of bytes.</summary>
/// <remarks>
/// One lock guards the state machine and all streams; nothing is awaited while it is held. One loop reads (QMuxConnection.Receiving.cs), one
/// writes what its makers could not write themselves (QMuxConnection.Sending.cs), and one task, which close and dispose await, owns both and
/// what they use (QMuxConnection.Running.cs).
/// </remarks>
internal sealed partial class QMuxConnection : MultiplexedConnection
{
    // How far a stream may be ahead of its reader on the longest and fastest of paths.
    private const long LongestWindow = 16 * 1024 * 1024;

    private readonly QMuxConnectionOptions _options;
    private readonly QMuxSession _session;
    private readonly TaskCompletionSource _peerReady = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private QMuxConnection(Stream duplex, QMuxConnectionOptions options)
        : base(new Lock())
    {
        _duplex = duplex;
        _options = options;
        _logger = options.Settings.LoggerFactory.CreateLogger("IrohRpc.Transports.QMux");
        _time = options.Settings.TimeProvider;
        _startedAt = _time.GetTimestamp();
        TimeSpan keepAlive = options.Settings.KeepAliveInterval;
        _session = new QMuxSession(
            options.IsDialler,
            Declare(options.Settings),
            keepAlive == Timeout.InfiniteTimeSpan ? null : keepAlive,
            Now,
            new ReceiveWindows(options.Settings.StreamReceiveWindow, LongestWindow, options.Settings.ConnectionReceiveWindow / 2));
        _timer = _time.CreateTimer(
            static connection => ((QMuxConnection)connection!).HandleTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // The parameters leave within this call: the peer waits for them.
        _running = RunAsync(SendAsync());
    }

    /// <inheritdoc/>
    public override EndpointId PeerId => _options.PeerId;

    /// <inheritdoc/>
    public override string Alpn => _options.Alpn;

    /// <inheritdoc/>
    public override bool IsDialler => _options.IsDialler;

    /// <inheritdoc/>
    public override string Transport => _options.Transport;

    /// <inheritdoc/>
    public override TransportAddress RemoteAddress => _options.RemoteAddress;

    /// <inheritdoc/>
    public override TransportAddress LocalAddress => _options.LocalAddress;

    /// <summary>Completes when the peer's transport parameters have arrived; never where the connection ends before.</summary>
    internal Task PeerReady => _peerReady.Task;

    private protected override StreamMultiplexer Streams => _session.Streams;

    /// <summary>
    /// Starts the connection over a duplex stream that is ready for application data. It returns at once: the own transport parameters
    /// leave right away, and streams wait for the peer's, since they bring the credit that opening a stream needs.
    /// </summary>
    /// <param name="duplex">
    /// The stream; the connection owns it from here on, and disposes of it. Its reads and writes must be able to run at the same time,
    /// must honour their token, must end when the stream is disposed, and a completed write must be on its way without a flush. A read of no
    /// bytes should wait until there are some, so that an idle connection needs no buffer; one that does not wait costs that memory and nothing else.
    /// </param>
    /// <param name="options">Who is at the other end, and the limits.</param>
    public static QMuxConnection Start(Stream duplex, QMuxConnectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(duplex);
        ArgumentNullException.ThrowIfNull(options);
        return new QMuxConnection(duplex, options);
    }

    /// <inheritdoc/>
    public override TimeSpan MeasureSilence()
    {
        bool mustSend;
        TimeSpan silence;
        lock (Gate)
        {
            silence = _session.MeasureSilence(Now);
            mustSend = TryClaimSending();
        }

        if (mustSend)
        {
            SendNow(maxWrites: 1);
        }

        return silence;
    }

    /// <inheritdoc/>
    public override async ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(errorCode);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(errorCode, MaxErrorCode);
        ArgumentNullException.ThrowIfNull(reason);
        lock (Gate)
        {
            _session.CloseByApplication(errorCode, reason);
            HandleEnd(null);
        }

        await _running.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => CloseAsync(0);

    private static QMuxTransportParameters Declare(TransportSettings settings) => new()
    {
        Limits = new StreamLimits
        {
            MaxData = settings.ConnectionReceiveWindow,
            MaxStreamDataBidirectionalLocal = settings.FirstStreamWindow,
            MaxStreamDataBidirectionalRemote = settings.FirstStreamWindow,
            MaxStreamDataUnidirectional = settings.FirstStreamWindow,
            MaxStreamsBidirectional = settings.MaxInboundBidirectionalStreams,
            MaxStreamsUnidirectional = settings.MaxInboundUnidirectionalStreams,
        },
        MaxIdleTimeout = (long)Math.Min(settings.IdleTimeout.TotalMilliseconds, int.MaxValue),
    };

    // Tells everybody who waits, once, if the session has ended. Within the lock.
    private void HandleEnd(Exception? failure)
    {
        if (End is not null || _session.State == QMuxSessionState.Open)
        {
            return;
        }

        SetEnd(Describe(failure));
        SetTimer(CloseTimeout);
        _sendSignal.Set();
        SetClosed();
    }

    private ConnectionEnd Describe(Exception? failure)
    {
        ConnectionCloseFrame? close = _session.Close;
        return _session.State switch
        {
            QMuxSessionState.ClosedLocally => new ConnectionEnd(PeerErrorKind.ClosedLocally, close!.ErrorCode, close.Reason),
            QMuxSessionState.Violated => new ConnectionEnd(PeerErrorKind.ProtocolViolation, close!.ErrorCode, close.Reason),
            QMuxSessionState.TimedOut => new ConnectionEnd(PeerErrorKind.IdleTimeout, null, ""),

            // A code of the transport means that the peer saw a violation; NO_ERROR is a plain goodbye.
            QMuxSessionState.ClosedByPeer => new ConnectionEnd(
                close!.IsApplication || close.ErrorCode == (long)TransportErrorCode.NoError
                    ? PeerErrorKind.ClosedByPeer
                    : PeerErrorKind.ProtocolViolation,
                close.ErrorCode,
                close.Reason),
            _ => new ConnectionEnd(PeerErrorKind.ConnectionLost, null, "", failure),
        };
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Connection {Connection} ended: {Kind}, code {ErrorCode}, reason \"{Reason}\".")]
    private static partial void LogEnded(
        ILogger logger, QMuxConnection connection, PeerErrorKind kind, long? errorCode, string reason, Exception? exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Releasing connection {Connection} failed.")]
    private static partial void LogReleaseFailed(ILogger logger, QMuxConnection connection, Exception exception);
}
