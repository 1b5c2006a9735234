using System.Collections.Concurrent;
using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.Versioning;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>
/// Listens on one UDP port. MsQuic fixes the ALPNs of a listener when it starts, and only lets a dialler through that offers one of them;
/// which one a handshake agrees on is decided by the list that the handshake is given. So an ALPN that is new gets a further listener on
/// the same port, and one that is removed keeps its listener: its diallers are refused, or agree on another.
/// </summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicPeerListener : ITransportListener
{
    // No handshake is given it by this name. It holds the port while there is no other, and is refused where an endpoint of this process listens
    // on the port already, which MsQuic allows otherwise.
    internal const string PortHolder = "irohrpc:port";

    private static int _resetKeyIsSet;

    // So many handshakes that fail one after the other may be a flood; a listener that is dead has more.
    private const int FailuresInARow = 1024;
    private static readonly TimeSpan LongestAcceptDelay = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _workDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<QuicConnection, MsQuicHandshake> _handshakes = new();
    private readonly List<QuicListener> _listeners = [];
    private readonly HashSet<string> _covered = new(StringComparer.Ordinal) { PortHolder };
    private readonly IHandshakeAdmission? _admission;
    private readonly ILogger _logger;
    private AcceptQueue _queue = null!;
    private IPEndPoint _endPoint = null!;
    private volatile AlpnList _alpns;
    private int _work = 1;
    private int _givenUp;
    private volatile bool _isDisposed;
    private Task? _disposal;

    private MsQuicPeerListener(ListenRequest request, AlpnList alpns)
    {
        _alpns = alpns;
        _admission = request.Admission;
        Settings = request.Settings;
        _logger = Settings.LoggerFactory.CreateLogger(MsQuicLog.Category);
    }

    public TransportAddress LocalAddress { get; private set; } = null!;

    public TransportSettings Settings { get; }

    /// <summary>What handshakes agree on that start now.</summary>
    public AlpnList Alpns => _alpns;

    private string Where { get; set; } = "";

    public static async Task<ITransportListener> StartAsync(ListenRequest request, CancellationToken cancellationToken)
    {
        AlpnList alpns = AlpnList.ForAcceptor(request.Alpns);
        var listener = new MsQuicPeerListener(request, alpns);
        await listener.StartAsync(request.LocalEndPoint, alpns, cancellationToken).ConfigureAwait(false);
        return listener;
    }

    /// <summary>The address of an end of a connection.</summary>
    public static TransportAddress ToAddress(IPEndPoint endPoint) => MsQuicAddress.Create(
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint);

    public ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken) => _queue.AcceptAsync(cancellationToken);

    public async ValueTask SetAlpnsAsync(IReadOnlyList<string> alpns, CancellationToken cancellationToken)
    {
        AlpnList list = AlpnList.ForAcceptor(alpns);
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);

            await CoverAsync(list, _endPoint, cancellationToken).ConfigureAwait(false);
            _alpns = list;
        }
        catch (Exception exception) when (exception is SocketException or QuicException)
        {
            throw BindFailure(_endPoint, exception);
        }
        finally
        {
            _changing.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new ValueTask(_disposal ??= DisposeCoreAsync());
        }
    }

    /// <summary>Takes over a connection whose handshake is done.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>False where the listener was disposed of meanwhile: the connection stays the caller's.</returns>
    public bool TryEnqueue(PeerConnection connection) => _queue.TryEnqueue(connection);

    /// <summary>A connection is over; where its handshake was still under way, that failed.</summary>
    public void HandshakeFailed(QuicConnection quic, Exception exception)
    {
        if (_handshakes.TryRemove(quic, out MsQuicHandshake? handshake))
        {
            LogFailure(handshake, (handshake.Failure ?? exception).Message, null);
            handshake.Release();
            _queue.Release();
        }
    }

    /// <summary>Drops a connection whose handshake is under way: others want its place.</summary>
    public void GiveUp(QuicConnection quic)
    {
        if (_handshakes.TryRemove(quic, out MsQuicHandshake? handshake))
        {
            LogFailure(handshake, "its dialler was silent, and others wanted its place", null);
            handshake.Release();
            _queue.Release();
            Interlocked.Increment(ref _givenUp);
            BeginWork();
            _ = DropAsync(quic);
        }
    }

    public void LogFailure(MsQuicHandshake handshake, string reason, Exception? exception)
        => HandshakeLog.Failed(_logger, handshake.Where, Where, reason, exception);

    private async Task StartAsync(IPEndPoint endPoint, AlpnList alpns, CancellationToken cancellationToken)
    {
        try
        {
            QuicListener holder = await ListenAsync(endPoint, [new SslApplicationProtocol(PortHolder)], cancellationToken).ConfigureAwait(false);
            _endPoint = holder.LocalEndPoint;
            LocalAddress = MsQuicAddress.Create(_endPoint);
            Where = LocalAddress.Describe();
            _queue = new AcceptQueue(Settings.AcceptBacklog, Where);
            Add(holder);
            SetResetKeyOnce();
            await CoverAsync(alpns, _endPoint, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The accept loops end by it.
            _isDisposed = true;
            foreach (QuicListener listener in _listeners)
            {
                await listener.DisposeAsync().ConfigureAwait(false);
            }

            if (exception is SocketException or QuicException)
            {
                throw BindFailure(endPoint, exception);
            }

            throw;
        }
    }

    // The library has one key for the whole process: that of the first endpoint that listens. A process that has one endpoint with one identity, as most
    // do, has the same key after a restart. The library takes a key only once something of it is open: here the holder, which finishes no handshake.
    private void SetResetKeyOnce()
    {
        if (Interlocked.CompareExchange(ref _resetKeyIsSet, 1, 0) == 0
            && !MsQuicLibrary.TrySetStatelessResetKey(Settings.Certificates.DeriveKey("msquic stateless reset")))
        {
            Volatile.Write(ref _resetKeyIsSet, 0);
        }

        MsQuicLibrary.TryRetryEarly();
    }

    private static PeerException BindFailure(IPEndPoint endPoint, Exception exception)
        => exception is SocketException { SocketErrorCode: SocketError.AddressFamilyNotSupported }
            ? new PeerException(
                PeerErrorKind.TransportUnsupported,
                $"Cannot listen on msquic {endPoint}: this machine has no {endPoint.AddressFamily}.",
                exception)
            : new PeerException(
                PeerErrorKind.AddressInUse,
                exception is QuicException { QuicError: QuicError.AlpnInUse }
                    ? $"Cannot listen on msquic {endPoint}: another endpoint of this process listens there."
                    : $"Cannot listen on msquic {endPoint}: {exception.Message}.",
                exception);

    /// <summary>Starts a further listener for those ALPNs that no listener lets through yet.</summary>
    private async Task CoverAsync(AlpnList list, IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        List<SslApplicationProtocol> missing =
            [.. list.Names.Where(name => !_covered.Contains(name)).Distinct(StringComparer.Ordinal).Select(name => new SslApplicationProtocol(name))];
        if (missing.Count > 0)
        {
            Add(await ListenAsync(endPoint, missing, cancellationToken).ConfigureAwait(false));
            _covered.UnionWith(list.Names);
        }
    }

    private ValueTask<QuicListener> ListenAsync(
        IPEndPoint endPoint, List<SslApplicationProtocol> alpns, CancellationToken cancellationToken) => QuicListener.ListenAsync(
        new QuicListenerOptions
        {
            ListenEndPoint = endPoint,
            ApplicationProtocols = alpns,

            // More than shake hands at once: the library refuses those beyond it without asking, whoever comes may get the place of one that is silent, and that one takes a while to go.
            ListenBacklog = 2 * Settings.AcceptBacklog,
            ConnectionOptionsCallback = (quic, hello, _) => Admit(quic, hello.ServerName),
        },
        cancellationToken);

    private void Add(QuicListener listener)
    {
        _listeners.Add(listener);
        BeginWork();
        _ = AcceptLoopAsync(listener);
    }

    private async Task AcceptLoopAsync(QuicListener listener)
    {
        var delay = new AcceptDelay(FailuresInARow, LongestAcceptDelay);
        try
        {
            while (true)
            {
                try
                {
                    QuicConnection quic = await listener.AcceptConnectionAsync().ConfigureAwait(false);
                    delay.Reset();
                    BeginWork();
                    _ = CompleteAsync(quic);
                }
#pragma warning disable CA1031 // Each is one handshake that failed; it was logged with the address that it came from.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    if (_isDisposed)
                    {
                        return;
                    }

                    // Of a handshake that was given up all is known.
                    if (Interlocked.Decrement(ref _givenUp) < 0)
                    {
                        Volatile.Write(ref _givenUp, 0);
                        await ForgetEndedAsync().ConfigureAwait(false);
                    }

                    if (delay.Next() is { Ticks: > 0 } wait)
                    {
                        // A listener that is dead fails at once, for ever.
                        HandshakeLog.AcceptFailed(_logger, Where, wait, exception);
                        await Task.Delay(wait, Settings.TimeProvider).ConfigureAwait(false);
                    }
                }
            }
        }
        finally
        {
            EndWork();
        }
    }

    /// <summary>
    /// Lets go of handshakes whose connection is gone: one that the dialler gives up before it is asked for the certificate has nobody who
    /// waits for its first stream, and the accept that fails for it does not say which one it was.
    /// </summary>
    private async ValueTask ForgetEndedAsync()
    {
        foreach (QuicConnection quic in _handshakes.Keys)
        {
            try
            {
                // With a token that is cancelled it takes no stream away and does not wait; it only tells whether the connection was disposed.
                await quic.AcceptInboundStreamAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
            }
            catch (ObjectDisposedException exception)
            {
                HandshakeFailed(quic, exception);
            }
            catch (Exception exception) when (exception is OperationCanceledException or InvalidOperationException or QuicException)
            {
            }
        }
    }

    private ValueTask<QuicServerConnectionOptions> Admit(QuicConnection quic, string serverName)
    {
        TransportAddress remote = ToAddress(quic.RemoteEndPoint);

        // First: it may give up another handshake, whose place in the queue is then free.
        IHandshakeLease? lease = null;
        if (_admission is not null)
        {
            lease = AskAdmission(_admission, remote);
            if (lease is null)
            {
                return Refuse(remote, "admission said no");
            }
        }

        if (!_queue.TryReserve())
        {
            lease?.Dispose();
            return Refuse(remote, "as many connections as AcceptBacklog allows wait to be accepted");
        }

        // Diallers of this transport send no server name; QUIC of our own sends iroh's, and knows nothing of control streams.
        var handshake = new MsQuicHandshake(this, quic, remote, lease, hasControlStreams: serverName.Length == 0);
        _handshakes[quic] = handshake;
        if (_stopping.IsCancellationRequested)
        {
            HandshakeFailed(quic, new ObjectDisposedException(Where));
            return Refuse(remote, "the listener was disposed of");
        }

        lease?.Begin(handshake);
        return new ValueTask<QuicServerConnectionOptions>(handshake.CreateOptions());
    }

    private ValueTask<QuicServerConnectionOptions> Refuse(TransportAddress remote, string reason)
    {
        HandshakeLog.Refused(_logger, remote.Describe(), Where, reason);

        // System.Net.Quic closes the connection without having built a TLS context for it, and the dialler gets the alert user_canceled.
        return ValueTask.FromException<QuicServerConnectionOptions>(new PeerException(PeerErrorKind.Refused, reason));
    }

    private IHandshakeLease? AskAdmission(IHandshakeAdmission admission, TransportAddress remote)
    {
        try
        {
            return admission.TryAdmit(remote);
        }
#pragma warning disable CA1031 // An application's rule that throws costs one connection, not the listener.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            HandshakeLog.AdmissionThrew(_logger, Where, exception);
            return null;
        }
    }

    private async Task CompleteAsync(QuicConnection quic)
    {
        try
        {
            if (!_handshakes.TryRemove(quic, out MsQuicHandshake? handshake))
            {
                // It ended between its handshake and now.
                await quic.DisposeAsync().ConfigureAwait(false);
            }
            else if (!await handshake.CompleteAsync(_stopping.Token).ConfigureAwait(false))
            {
                _queue.Release();
            }
        }
        finally
        {
            EndWork();
        }
    }

    private async Task DropAsync(QuicConnection quic)
    {
        try
        {
            // The library is in the midst of asking for this handshake's options, on a thread of its own.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

            // Disposal during a close does not wait for the peer, who is silent: for seconds the place of this one would be taken in the library.
            Task closing = quic.CloseAsync(MsQuicTransport.RefusedErrorCode).AsTask();
            await quic.DisposeAsync().ConfigureAwait(false);
            await closing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            EndWork();
        }
    }

    private async Task DisposeCoreAsync()
    {
        // The first caller runs this under the lock; cancelling runs other people's code, which must not.
        await Task.Yield();
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _changing.WaitAsync().ConfigureAwait(false);
        _isDisposed = true;
        _changing.Release();
        await Task.WhenAll(_listeners.Select(listener => listener.DisposeAsync().AsTask())).ConfigureAwait(false);
        await _queue.CloseAsync().ConfigureAwait(false);
        foreach (QuicConnection quic in _handshakes.Keys)
        {
            HandshakeFailed(quic, new ObjectDisposedException(Where));
        }

        EndWork();
        await _workDone.Task.ConfigureAwait(false);
        await _queue.CloseAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    // Counts the accept loops, the connections that are being completed and the listener itself, so that disposing can await them all
    // without keeping a list.
    private void BeginWork() => Interlocked.Increment(ref _work);

    private void EndWork()
    {
        if (Interlocked.Decrement(ref _work) == 0)
        {
            _workDone.SetResult();
        }
    }
}
