using System.Net;
using System.Net.Sockets;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Transports.Tls.Internal;

/// <summary>Listens on one TCP port: takes connections in, lets them shake hands side by side, queues those that are done.</summary>
internal sealed class TlsListener : ITransportListener
{
    // Accept only fails for want of something that others must give back first, handles above all.
    private static readonly TimeSpan LongestAcceptDelay = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _workDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Socket _socket;
    private readonly IHandshakeAdmission? _admission;
    private readonly AcceptQueue _queue;
    private volatile AlpnList _alpns;
    private int _work = 1;
    private Task? _disposal;

    private TlsListener(Socket socket, AlpnList alpns, ListenRequest request)
    {
        _socket = socket;
        _alpns = alpns;
        _admission = request.Admission;
        Settings = request.Settings;
        LocalAddress = TlsSocket.ToAddress(socket.LocalEndPoint);
        Where = LocalAddress.Describe();
        _queue = new AcceptQueue(Settings.AcceptBacklog, Where);
        Logger = Settings.LoggerFactory.CreateLogger("IrohRpc.Transports.Tls");
    }

    public TransportAddress LocalAddress { get; }

    public TransportSettings Settings { get; }

    public ILogger Logger { get; }

    /// <summary>What handshakes agree on that get to their first message now.</summary>
    public AlpnList Alpns => _alpns;

    /// <summary>The listener for messages.</summary>
    public string Where { get; }

    public static TlsListener Start(ListenRequest request)
    {
        AlpnList alpns = AlpnList.ForAcceptor(request.Alpns);
        IPEndPoint endPoint = request.LocalEndPoint;
        Socket? socket = null;
        try
        {
            socket = TlsSocket.Create(endPoint.AddressFamily);
            socket.Bind(endPoint);
            socket.Listen(request.Settings.AcceptBacklog);
            var listener = new TlsListener(socket, alpns, request);
            _ = listener.AcceptLoopAsync();
            return listener;
        }
        catch (SocketException exception)
        {
            socket?.Dispose();
            throw BindFailure(endPoint, exception);
        }
    }

    public ValueTask<PeerConnection> AcceptAsync(CancellationToken cancellationToken) => _queue.AcceptAsync(cancellationToken);

    public ValueTask SetAlpnsAsync(IReadOnlyList<string> alpns, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _alpns = AlpnList.ForAcceptor(alpns);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            return new ValueTask(_disposal ??= DisposeCoreAsync());
        }
    }

    /// <summary>A handshake came to nothing.</summary>
    public void ReleasePlace() => _queue.Release();

    /// <summary>Takes over a connection whose handshake is done.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>False where the listener was disposed of meanwhile: the connection stays the caller's.</returns>
    public bool TryEnqueue(PeerConnection connection) => _queue.TryEnqueue(connection);

    private static PeerException BindFailure(IPEndPoint endPoint, SocketException exception)
        => exception.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported
            ? new PeerException(
                PeerErrorKind.TransportUnsupported,
                $"Cannot listen on tls {endPoint}: this machine has no {endPoint.AddressFamily}.",
                exception)
            : new PeerException(
                PeerErrorKind.AddressInUse, $"Cannot listen on tls {endPoint}: {exception.Message}.", exception);

    private async Task DisposeCoreAsync()
    {
        // The first caller runs this under the lock; cancelling runs other people's code, which must not.
        await Task.Yield();
        await _stopping.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _queue.CloseAsync().ConfigureAwait(false);
        EndWork();
        await _workDone.Task.ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task AcceptLoopAsync()
    {
        var delay = new AcceptDelay(every: 1, LongestAcceptDelay);
        BeginWork();
        try
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            while (!_stopping.IsCancellationRequested)
            {
                try
                {
                    Socket socket = await _socket.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                    delay.Reset();
                    Admit(socket);
                }
                catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionAborted)
                {
                    // The dialler is gone already.
                }
                catch (Exception exception) when (!_stopping.IsCancellationRequested)
                {
                    // Whatever it is, an endpoint that accepts no more must not be silent about it.
                    TimeSpan wait = delay.Next();
                    HandshakeLog.AcceptFailed(Logger, Where, wait, exception);
                    await Task.Delay(wait, Settings.TimeProvider, _stopping.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception) when (_stopping.IsCancellationRequested)
        {
            // Disposed of; whoever did that waits for this loop.
        }
        finally
        {
            EndWork();
        }
    }

    private void Admit(Socket socket)
    {
        TransportAddress remote;
        try
        {
            socket.NoDelay = true;
            remote = TlsSocket.ToAddress(socket.RemoteEndPoint);
        }
        catch (SocketException)
        {
            // Gone before anybody looked at it.
            TlsSocket.Reset(socket);
            return;
        }

        // First: it may give up another handshake, whose place in the queue is then free.
        IHandshakeLease? lease = null;
        if (_admission is not null)
        {
            lease = AskAdmission(_admission, remote);
            if (lease is null)
            {
                HandshakeLog.Refused(Logger, remote.Describe(), Where, "admission said no");
                TlsSocket.Reset(socket);
                return;
            }
        }

        if (!_queue.TryReserve())
        {
            HandshakeLog.Refused(Logger, remote.Describe(), Where, "as many connections as AcceptBacklog allows wait to be accepted");
            lease?.Dispose();
            TlsSocket.Reset(socket);
            return;
        }

        var handshake = new TlsHandshake(this, socket, remote, lease);
        lease?.Begin(handshake);
        _ = ShakeHandsAsync(handshake);
    }

    private IHandshakeLease? AskAdmission(IHandshakeAdmission admission, TransportAddress remote)
    {
        try
        {
            return admission.TryAdmit(remote);
        }
#pragma warning disable CA1031 // An application's rule that throws must not end the accept loop.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            HandshakeLog.AdmissionThrew(Logger, Where, exception);
            return null;
        }
    }

    private async Task ShakeHandsAsync(TlsHandshake handshake)
    {
        BeginWork();
        try
        {
            // A dialler's bytes may all be here already, and its handshake would then run on the accept loop.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            if (!await handshake.RunAsync(_stopping.Token).ConfigureAwait(false))
            {
                handshake.ReleasePlace();
            }
        }
        finally
        {
            EndWork();
        }
    }

    // Counts the accept loop, the handshakes and the listener itself, so that disposing can await them all without keeping a list.
    private void BeginWork() => Interlocked.Increment(ref _work);

    private void EndWork()
    {
        if (Interlocked.Decrement(ref _work) == 0)
        {
            _workDone.SetResult();
        }
    }
}
