using System.Collections.Concurrent;
using System.Net.Quic;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>One connection of QUIC's.</summary>
/// <remarks>
/// One task reads what the peer opens and sorts it: that is also how System.Net.Quic tells of the connection's end. Whatever ends the
/// connection starts <see cref="EndAsync"/>, once, which sees it through to the last handle.
/// </remarks>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed partial class MsQuicPeerConnection : PeerConnection
{
    private readonly Lock _lock = new();
    private readonly QuicConnection _quic;
    private readonly MsQuicConnectionFacts _facts;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<long, MsQuicPeerStream> _streams = new(concurrencyLevel: 1, capacity: 4);
    private readonly TaskCompletionSource<ConnectionEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The peer's limit on open streams bounds them.
    private readonly ArrivedStreams _bidirectional = new();
    private readonly ArrivedStreams _unidirectional = new();
    private readonly Task _pumping;
    private SilenceMeter _silence;
    private MsQuicStreamOpener? _bidirectionalOpener;
    private MsQuicStreamOpener? _unidirectionalOpener;
    private Task<QuicStream>? _control;
    private Task _readingControl = Task.CompletedTask;
    private volatile ConnectionEnd? _end;
    private volatile bool _isReleasing;
    private Task? _ending;
    private long _traffic;

    /// <summary>Takes over a connection whose handshake is done.</summary>
    /// <param name="quic">The connection.</param>
    /// <param name="firstStream">The first stream that the peer opens, where somebody waits for it already.</param>
    /// <param name="facts">What the handshake found out.</param>
    public MsQuicPeerConnection(QuicConnection quic, Task<QuicStream>? firstStream, MsQuicConnectionFacts facts)
    {
        _quic = quic;
        _facts = facts;
        _logger = facts.Settings.LoggerFactory.CreateLogger(MsQuicLog.Category);
        MsQuicLibrary.TrySetRoundRobin(quic);
        lock (_lock)
        {
            // The connection may end before the call returns, and whoever sees it through waits for the pump.
            _pumping = PumpAsync(firstStream);
        }
    }

    /// <inheritdoc/>
    public override EndpointId PeerId => _facts.PeerId;

    /// <inheritdoc/>
    public override string Alpn => _facts.Alpn;

    /// <inheritdoc/>
    public override bool IsDialler => _facts.IsDialler;

    /// <inheritdoc/>
    public override string Transport => MsQuicTransport.TransportName;

    /// <inheritdoc/>
    public override TransportAddress RemoteAddress => _facts.RemoteAddress;

    /// <inheritdoc/>
    public override TransportAddress LocalAddress => _facts.LocalAddress;

    /// <inheritdoc/>
    public override Task<ConnectionEnd> Closed => _closed.Task;

    /// <inheritdoc/>
    public override TimeSpan MeasureSilence()
    {
        if (_end is not null || !MsQuicLibrary.TryCountPackets(_quic, out ulong sent, out ulong received))
        {
            return TimeSpan.Zero;
        }

        lock (_lock)
        {
            return _silence.Measure(sent, received, _facts.Settings.TimeProvider);
        }
    }

    /// <inheritdoc/>
    internal override long? Traffic => Volatile.Read(ref _traffic);

    /// <summary>How the connection ended or is about to; null while nobody has ended it.</summary>
    public ConnectionEnd? End => _end;

    /// <summary>Throws where <paramref name="errorCode"/> cannot be one of an application.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    public static void RequireErrorCode(long errorCode, [CallerArgumentExpression(nameof(errorCode))] string name = "")
    {
        if (errorCode is < 0 or > MaxErrorCode)
        {
            throw new ArgumentOutOfRangeException(name, errorCode, $"An error code is from 0 to {MaxErrorCode}.");
        }
    }

    /// <summary>Tells the dialler that the connection is taken.</summary>
    /// <param name="cancellationToken">Gives up waiting; the connection is of no use then.</param>
    public async Task SayAcceptedAsync(CancellationToken cancellationToken)
    {
        if (!_facts.HasControlStreams)
        {
            return;
        }

        QuicStream control = await OpenControlAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await control.WriteAsync(ControlMessage.Accepted, cancellationToken).ConfigureAwait(false);
        }
        catch (QuicException exception)
        {
            throw EndBy(exception).ToException(PeerId);
        }
    }

    /// <summary>Waits until the acceptor says that the connection is taken.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where it did; otherwise how the connection ended.</returns>
    public async Task<ConnectionEnd?> WaitUntilAcceptedAsync(CancellationToken cancellationToken)
        => !_facts.HasControlStreams || await _accepted.Task.WaitAsync(cancellationToken).ConfigureAwait(false) ? null : _end;

    /// <inheritdoc/>
    public override async ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        return Register(await OpenAsync(Opener(QuicStreamType.Bidirectional), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public override async ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfEnded();
        if (_facts.HasControlStreams && OpenControlAsync() is { IsCompletedSuccessfully: false } control)
        {
            await control.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return Register(await OpenAsync(Opener(QuicStreamType.Unidirectional), cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public override ValueTask<PeerStream> AcceptBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => AcceptAsync(_bidirectional, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask<PeerStream> AcceptUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        => AcceptAsync(_unidirectional, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask CloseAsync(long errorCode, string reason = "", CancellationToken cancellationToken = default)
    {
        RequireErrorCode(errorCode);
        ArgumentNullException.ThrowIfNull(reason);
        _ = Finish(new ConnectionEnd(PeerErrorKind.ClosedLocally, errorCode, ControlMessage.Cut(reason)), errorCode);
        await _closed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await Finish(new ConnectionEnd(PeerErrorKind.ClosedLocally, 0, ""), 0).ConfigureAwait(false);
    }

    /// <summary>The connection has ended, as something that it threw shows.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <returns>How it ended, which may have been known before.</returns>
    public ConnectionEnd EndBy(Exception exception)
    {
        if (_end is null)
        {
            _ = Finish(MsQuicFailure.ToConnectionEnd(exception), 0);
        }

        return _end!;
    }

    /// <summary>A stream has carried something. Of two that say so at once one may be lost, which makes no difference.</summary>
    public void NoteTraffic() => _traffic++;

    /// <summary>A stream is gone.</summary>
    public void Forget(MsQuicPeerStream stream) => _streams.TryRemove(stream.Id, out _);

    public void LogReleaseFailure(Exception exception) => MsQuicLog.ReleaseFailed(_logger, PeerId.ToShortString(), exception);

    private Task Pumping
    {
        get
        {
            lock (_lock)
            {
                return _pumping;
            }
        }
    }

    private void ThrowIfEnded()
    {
        if (_end is { } end)
        {
            throw end.ToException(PeerId);
        }
    }

    private async ValueTask<QuicStream> OpenAsync(MsQuicStreamOpener opener, CancellationToken cancellationToken)
    {
        try
        {
            return await opener.OpenAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            throw EndBy(exception).ToException(PeerId);
        }
    }

    private ValueTask<QuicStream> OpenAsync(QuicStreamType type)
    {
        if (!_facts.Credit.Take(type) && _logger.IsEnabled(LogLevel.Debug))
        {
            MsQuicLog.OpensWait(_logger, Opener(type).Waiting, type.ToString(), PeerId.ToShortString());
        }

        return _quic.OpenOutboundStreamAsync(type);
    }

    // Most connections open streams of one type, and on one side.
    private MsQuicStreamOpener Opener(QuicStreamType type)
    {
        lock (_lock)
        {
            return type == QuicStreamType.Bidirectional
                ? _bidirectionalOpener ??= new MsQuicStreamOpener(type, OpenAsync)
                : _unidirectionalOpener ??= new MsQuicStreamOpener(type, OpenAsync);
        }
    }

    private Task<QuicStream> OpenControlAsync()
    {
        lock (_lock)
        {
            return _control ??= OpenControlCoreAsync();
        }
    }

    private async Task<QuicStream> OpenControlCoreAsync()
    {
        try
        {
            return await OpenAsync(QuicStreamType.Unidirectional).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is QuicException or ObjectDisposedException)
        {
            throw EndBy(exception).ToException(PeerId);
        }
    }

    private MsQuicPeerStream Register(QuicStream quic)
    {
        var stream = new MsQuicPeerStream(this, quic);
        _streams[stream.Id] = stream;
        if (_isReleasing)
        {
            // Whoever releases the streams may have looked before this one was among them.
            _ = stream.ReleaseAsync();
        }

        return stream;
    }

    private ValueTask<PeerStream> AcceptAsync(ArrivedStreams streams, CancellationToken cancellationToken)
        => _end is { } end ? ValueTask.FromException<PeerStream>(end.ToException(PeerId)) : streams.TakeAsync(cancellationToken);

    private async Task PumpAsync(Task<QuicStream>? firstStream)
    {
        long control = !_facts.HasControlStreams ? -1 : IsDialler ? 3 : 2;
        try
        {
            QuicStream stream = await (firstStream ?? _quic.AcceptInboundStreamAsync().AsTask()).ConfigureAwait(false);
            while (true)
            {
                if (stream.Id == control)
                {
                    _readingControl = ReadControlAsync(stream);
                }
                else
                {
                    // Nobody takes it any more where the connection is ending, and the peer is to hear of that end, not of a stream's: it goes with the rest.
                    PeerStream accepted = Register(stream);
                    if (_end is null)
                    {
                        (accepted.IsBidirectional ? _bidirectional : _unidirectional).Add(accepted);
                    }
                }

                stream = await _quic.AcceptInboundStreamAsync().ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // However it ends, the connection is over.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            EndBy(exception);
        }
    }

    private async Task ReadControlAsync(QuicStream stream)
    {
        try
        {
            (long errorCode, string reason) =
                await new ControlStreamReader(stream, fromAcceptor: IsDialler).ReadAsync(() => _accepted.TrySetResult(true)).ConfigureAwait(false);
            _ = Finish(MsQuicFailure.ClosedByPeer(errorCode, reason), errorCode);
        }
        catch (InvalidDataException exception)
        {
            Violated(exception.Message);
        }
        catch (QuicException exception) when (exception.QuicError == QuicError.StreamAborted)
        {
            Violated("it was reset");
        }
#pragma warning disable CA1031 // The connection ended.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            EndBy(exception);
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void Violated(string violation)
    {
        MsQuicLog.ControlStreamViolated(_logger, PeerId.ToShortString(), violation);
        _ = Finish(
            new ConnectionEnd(PeerErrorKind.ProtocolViolation, MsQuicTransport.ControlStreamErrorCode, $"control stream: {violation}"),
            MsQuicTransport.ControlStreamErrorCode);
    }
}
