using System.Text;
using IrohRpc;

namespace Tunnel;

/// <summary>A connection to the listening side, and the name of the service that it said it forwards to.</summary>
internal sealed record TunnelSession(PeerConnection Connection, string Service);

/// <summary>The one connection that all forwardings share; dials again, when somebody needs it, after it was lost.</summary>
internal sealed class SharedConnection(PeerEndpoint endpoint, TunnelTicket ticket, TaskSet clients, ITunnelView view) : IAsyncDisposable
{
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private Task<TunnelSession>? _dial;
    private TunnelSession? _session;
    private Task _watch = Task.CompletedTask;

    /// <summary>The session that holds, or that of the dial which this call starts or joins.</summary>
    /// <param name="cancellationToken">Ends the wait, not the dial.</param>
    /// <exception cref="PeerException">The peer cannot be reached; the next call tries again.</exception>
    public Task<TunnelSession> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_session is { Connection.Closed.IsCompleted: true } || _dial is { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                _session = null;
                _dial = null;
            }

            _dial ??= DialAsync(_closing.Token);
            return _dial.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Parts from the peer: says goodbye and closes. The clients are to have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        TunnelSession? session;
        Task<TunnelSession>? dial;
        lock (_gate)
        {
            (session, dial) = (_session, _dial);
        }

        if (dial is not null)
        {
            await ((Task)dial).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (session is not null)
        {
            await Goodbye.SayAsync(session.Connection);
            await session.Connection.CloseAsync(ConnectionErrorCodes.NoError, "the tunnel was closed");
        }

        await _watch;
        _closing.Dispose();
    }

    private async Task<TunnelSession> DialAsync(CancellationToken cancellationToken)
    {
        // Nothing of the dial may run under the lock of the caller.
        await Task.Yield();
        PeerConnection connection = await endpoint.DialAsync(ticket.Endpoint, TunnelProtocol.Alpn, cancellationToken);
        try
        {
            await ShowSecretAsync(connection, cancellationToken);
            var session = new TunnelSession(connection, await ReadServiceAsync(connection, cancellationToken));
            view.Line($"connected to {connection.PeerId.ToShortString()} over {connection.Transport} "
                + $"at {connection.RemoteAddress}; it forwards to {session.Service}");
            lock (_gate)
            {
                _session = session;
                _watch = WatchAsync(connection);
            }

            return session;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // The handshake has proved who is at the other end, so that nobody else hears it.
    private async Task ShowSecretAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        await using PeerStream proof = await connection.OpenUnidirectionalStreamAsync(cancellationToken);
        await proof.WriteAsync(ticket.Secret, completeWrites: true, cancellationToken);
    }

    private static async Task<string> ReadServiceAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(HelloTimeout);
        try
        {
            await using PeerStream hello = await connection.AcceptUnidirectionalStreamAsync(timeout.Token);
            byte[] name = new byte[TunnelProtocol.MaxServiceName];
            int length = await hello.ReadAtLeastAsync(name, name.Length, throwOnEndOfStream: false, timeout.Token);
            return PeerText.Escape(Encoding.UTF8.GetString(name, 0, length));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PeerException(
                PeerErrorKind.TimedOut,
                $"Peer {connection.PeerId.ToShortString()} accepted the tunnel and did not say within {HelloTimeout.TotalSeconds} s "
                + "which service it forwards to.");
        }
    }

    private async Task WatchAsync(PeerConnection connection)
    {
        await Goodbye.HearAsync(connection);
        if (!connection.Closed.IsCompleted)
        {
            // What the peer said last may still be on its way to the clients.
            await clients.DrainAsync(TunnelEndpoint.DrainLimit);
            await connection.CloseAsync(ConnectionErrorCodes.NoError, "goodbye");
        }

        ConnectionEnd end = await connection.Closed;
        if (!_closing.IsCancellationRequested)
        {
            string how = end.ErrorCode == ConnectionErrorCodes.NoError
                ? $"Peer {connection.PeerId.ToShortString()} has left."
                : end.ToException(connection.PeerId).Message;
            view.Trouble($"{how} The next client makes it dial again.");
        }

        await connection.DisposeAsync();
    }
}
