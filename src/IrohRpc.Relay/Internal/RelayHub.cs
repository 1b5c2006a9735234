using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using IrohRpc.Reach.Relay.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IrohRpc.Relay.Internal;

/// <summary>The clients of a relay by their ids, and what passes between them.</summary>
internal sealed partial class RelayHub : IDisposable
{
    // A client that connects again before its old session has ended keeps some of these; older ones are closed.
    private const int MaxSessionsPerClient = 4;

    private readonly Lock _gate = new();
    private readonly Dictionary<EndpointId, List<ClientSession>> _sessions = [];
    private readonly Dictionary<ClientSession, CancellationTokenSource> _endings = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _logger;
    private int _clients;
    private bool _isStopping;

    public RelayHub(IOptions<RelayOptions> options, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        Options = options.Value;
        TimeProvider = timeProvider;
        _logger = loggerFactory.CreateLogger("IrohRpc.Relay");
    }

    public RelayOptions Options { get; }

    public TimeProvider TimeProvider { get; }

    public RelayMetrics Metrics { get; } = new();

    /// <summary>How many clients are connected, or prove their id just now.</summary>
    public int Clients => Volatile.Read(ref _clients);

    /// <summary>Whether no further client is taken.</summary>
    public bool IsFull => Clients >= Options.MaxClients || Volatile.Read(ref _isStopping);

    /// <summary>Serves a WebSocket until it ends.</summary>
    public async Task ServeAsync(WebSocket socket, RelayProtocolVersion version, IPAddress? address, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _clients) > Options.MaxClients)
        {
            LeaveOne();
            return;
        }

        try
        {
            if (await AuthenticateAsync(socket, address, cancellationToken).ConfigureAwait(false) is { } id)
            {
                using var session = new ClientSession(id, socket, version, this);
                using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                Add(session, ending);
                try
                {
                    await socket.SendAsync(RelayMessages.Confirm(), WebSocketMessageType.Binary, endOfMessage: true, ending.Token).ConfigureAwait(false);
                    await session.RunAsync(ending.Token).ConfigureAwait(false);
                }
                finally
                {
                    Remove(session);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException or ObjectDisposedException)
        {
            LogEnded(exception);
        }
        finally
        {
            LeaveOne();
        }
    }

    /// <summary>Passes datagrams on. Where the receiver is not here they are the caller's still.</summary>
    public bool TryDeliver(EndpointId sender, EndpointId receiver, RelayMessage message)
    {
        ClientSession session;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(receiver, out List<ClientSession>? sessions))
            {
                Metrics.Dropped(1, "unknown receiver");
                return false;
            }

            session = sessions[^1];
        }

        session.Deliver(sender, message);
        return true;
    }

    /// <summary>Asks all clients to come back later, and waits until they have left or time is up.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        List<ClientSession> sessions;
        lock (_gate)
        {
            _isStopping = true;
            sessions = [.. _sessions.Values.SelectMany(static one => one)];
        }

        foreach (ClientSession session in sessions)
        {
            // Not all at the same moment: the next relay has to take them all.
            double share = RandomNumberGenerator.GetInt32(1000) / 1000.0;
            session.TellRestarting(Options.RestartDelay * (1 + share), Options.RestartPatience);
        }

        if (Clients == 0)
        {
            return;
        }

        try
        {
            await _drained.Task.WaitAsync(Options.WriteTimeout, TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            CancelAll();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        CancelAll();
        Metrics.Dispose();
    }

    private async Task<EndpointId?> AuthenticateAsync(WebSocket socket, IPAddress? address, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Options.AuthenticationTimeout, TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        byte[] challenge = RandomNumberGenerator.GetBytes(RelayProtocol.ChallengeLength);
        await socket.SendAsync(RelayMessages.Challenge(challenge), WebSocketMessageType.Binary, endOfMessage: true, linked.Token).ConfigureAwait(false);

        // One byte more than a proof has, so that a longer message is seen as such.
        var proof = new byte[RelayAuthentication.MessageLength + 1];
        int length = 0;
        ValueWebSocketReceiveResult result;
        do
        {
            result = await socket.ReceiveAsync(proof.AsMemory(length), linked.Token).ConfigureAwait(false);
            length += result.Count;
        }
        while (!result.EndOfMessage && length < proof.Length && result.MessageType != WebSocketMessageType.Close);

        if (result.MessageType == WebSocketMessageType.Close)
        {
            return null;
        }

        string? problem = result.MessageType != WebSocketMessageType.Binary ? "the first frame is no authentication" : null;
        EndpointId id = default;
        if (problem is null && RelayAuthentication.TryVerify(proof.AsSpan(0, length), challenge, out id, out problem))
        {
            problem = await AdmitAsync(new RelayClientInfo(id, address), linked.Token).ConfigureAwait(false);
        }

        if (problem is null)
        {
            return id;
        }

        Metrics.ClientRefused(problem);
        LogRefused(address, problem);
        await socket.SendAsync(RelayMessages.Deny(problem), WebSocketMessageType.Binary, endOfMessage: true, linked.Token).ConfigureAwait(false);
        await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, null, linked.Token).ConfigureAwait(false);
        return null;
    }

    private async ValueTask<string?> AdmitAsync(RelayClientInfo client, CancellationToken cancellationToken)
    {
        if (Options.AllowedEndpoints is { } allowed && !allowed.Contains(client.Id))
        {
            return "not authorized";
        }

        if (Options.Admit is not { } admit)
        {
            return null;
        }

        try
        {
            return await admit(client, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Code of the application: what it throws is for its log, not for a stranger.
            LogAdmitFailed(client.Id, exception);
            return "not authorized";
        }
    }

    private void Add(ClientSession session, CancellationTokenSource ending)
    {
        CancellationTokenSource? oldest = null;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(session.Id, out List<ClientSession>? sessions))
            {
                _sessions.Add(session.Id, sessions = []);
            }

            if (sessions.Count > 0)
            {
                sessions[^1].Tell(RelayStatus.SameEndpointIdConnected);
            }

            if (sessions.Count == MaxSessionsPerClient)
            {
                oldest = _endings[sessions[0]];
            }

            sessions.Add(session);
            _endings.Add(session, ending);
        }

        Metrics.ClientAccepted();
        oldest?.Cancel();
    }

    private void Remove(ClientSession session)
    {
        List<ClientSession> toTell = [];
        lock (_gate)
        {
            _endings.Remove(session);
            List<ClientSession> sessions = _sessions[session.Id];
            bool wasActive = sessions[^1] == session;
            sessions.Remove(session);
            if (sessions.Count == 0)
            {
                _sessions.Remove(session.Id);
                foreach (EndpointId other in session.Correspondents)
                {
                    if (_sessions.TryGetValue(other, out List<ClientSession>? others))
                    {
                        toTell.Add(others[^1]);
                    }
                }
            }
            else if (wasActive)
            {
                sessions[^1].Tell(RelayStatus.Healthy);
            }
        }

        Metrics.ClientLeft();
        foreach (ClientSession other in toTell)
        {
            other.TellGone(session.Id);
        }
    }

    private void LeaveOne()
    {
        if (Interlocked.Decrement(ref _clients) == 0 && Volatile.Read(ref _isStopping))
        {
            _drained.TrySetResult();
        }
    }

    private void CancelAll()
    {
        List<CancellationTokenSource> endings;
        lock (_gate)
        {
            endings = [.. _endings.Values];
        }

        foreach (CancellationTokenSource ending in endings)
        {
            try
            {
                ending.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The session ended by itself meanwhile.
            }
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "The session of {Client} ended.")]
    public partial void LogSessionFailed(EndpointId client, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "A connection ended.")]
    private partial void LogEnded(Exception exception);

    [LoggerMessage(3, LogLevel.Information, "A client from {Address} was turned away: {Reason}.")]
    private partial void LogRefused(IPAddress? address, string reason);

    [LoggerMessage(4, LogLevel.Error, "Admitting {Client} failed.")]
    private partial void LogAdmitFailed(EndpointId client, Exception exception);
}
