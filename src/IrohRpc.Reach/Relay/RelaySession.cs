using IrohRpc.Reach.Relay.Protocol;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Reach.Relay;

/// <summary>
/// A lasting session with one relay: it dials, proves the endpoint's id, and dials again whenever the connection is lost, until it is disposed.
/// </summary>
/// <remarks>All members are safe to call from several threads at once.</remarks>
internal sealed partial class RelaySession : IAsyncDisposable, IRelayReceiver
{
    private readonly SecretKey _key;
    private readonly RelaySessionOptions _options;
    private readonly IRelayReceiver _receiver;
    private readonly RelaySendQueue _queue;
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly Task _running;
    private RelayConnection? _connection;
    private TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _retryNow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RelaySessionState _state = RelaySessionState.Connecting;

    /// <summary>Starts to dial.</summary>
    /// <param name="url">The relay.</param>
    /// <param name="key">The endpoint's key; the session uses it until it is disposed.</param>
    /// <param name="options">How the session behaves.</param>
    /// <param name="receiver">Takes what arrives.</param>
    public RelaySession(Uri url, SecretKey key, RelaySessionOptions options, IRelayReceiver receiver)
    {
        Url = url;
        _key = key;
        _options = options;
        _receiver = receiver;
        _queue = new RelaySendQueue(options.MaxQueuedMessages, options.MaxQueueAge, options.TimeProvider);
        _running = RunAsync();
    }

    /// <summary>The relay.</summary>
    public Uri Url { get; }

    /// <summary>Where the session stands.</summary>
    public RelaySessionState State
    {
        get
        {
            lock (_gate)
            {
                return _state;
            }
        }
    }

    /// <summary>Waits until the session is connected.</summary>
    /// <exception cref="ObjectDisposedException">The session was closed.</exception>
    public Task WaitConnectedAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _connected.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Sends datagrams to a peer. They may be lost, as over UDP.</summary>
    /// <returns>False where too many wait already, and these are lost for certain.</returns>
    public bool TrySend(RelayDatagrams datagrams) => _queue.TryAdd(datagrams);

    /// <summary>Asks the relay at once whether it is still there, and dials again at once where there is no connection.</summary>
    public void CheckNow()
    {
        lock (_gate)
        {
            _connection?.CheckNow();
            if (!_closing.IsCancellationRequested)
            {
                _retryNow.TrySetResult();
            }
        }
    }

    /// <summary>Closes the session. What waits still leaves where it can at once, a connection's goodbye above all.</summary>
    public async ValueTask DisposeAsync()
    {
        if (State is RelaySessionState.Connected or RelaySessionState.Superseded)
        {
            using var patience = new CancellationTokenSource(_options.ClosePatience, _options.TimeProvider);
            await _queue.WhenEmptyAsync().WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _queue.Dispose();
    }

    void IRelayReceiver.OnDatagrams(RelayDatagrams datagrams) => _receiver.OnDatagrams(datagrams);

    void IRelayReceiver.OnEndpointGone(EndpointId peer) => _receiver.OnEndpointGone(peer);

    void IRelayReceiver.OnStateChanged(RelaySessionState state, string? problem) => SetState(state, problem);

    private async Task RunAsync()
    {
        // Whoever constructs the session is not held up by the first dial.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var backoff = new RelayBackoff(_options.MinBackoff, _options.MaxBackoff);
        CancellationToken closing = _closing.Token;
        while (!closing.IsCancellationRequested)
        {
            TimeSpan? wait = null;
            try
            {
                using RelayConnection connection = await ConnectAsync(closing).ConfigureAwait(false);
                backoff.Reset();
                SetState(RelaySessionState.Connected, null);
                SetConnection(connection);
                try
                {
                    await connection.RunAsync(_queue, this, closing).ConfigureAwait(false);
                }
                finally
                {
                    SetConnection(null);
                    wait = connection.ReconnectIn;
                }
            }
            catch (Exception) when (closing.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // The relay, the network and the HTTP stack may fail in any way; the next dial is the answer to all of them.
                LogFailed(_options.Logger, Url, exception);
                SetState(RelaySessionState.Connecting, exception.Message);
            }

            SetState(RelaySessionState.Connecting, null);
            await WaitToRetryAsync(wait ?? backoff.Next(), closing).ConfigureAwait(false);
        }

        SetState(RelaySessionState.Closed, null);
    }

    private void SetConnection(RelayConnection? connection)
    {
        lock (_gate)
        {
            _connection = connection;
        }
    }

    private async Task WaitToRetryAsync(TimeSpan wait, CancellationToken closing)
    {
        Task retryNow;
        lock (_gate)
        {
            _retryNow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            retryNow = _retryNow.Task;
        }

        await retryNow.WaitAsync(wait, _options.TimeProvider, closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<RelayConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _options.TimeProvider);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await RelayConnection.ConnectAsync(Url, _key, _options, linked.Token).ConfigureAwait(false);
        }
        catch (Exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RelaySessionException($"The relay did not answer within {_options.ConnectTimeout.TotalSeconds:0.#} s.");
        }
    }

    private void SetState(RelaySessionState state, string? problem)
    {
        lock (_gate)
        {
            bool isUsable = state is RelaySessionState.Connected or RelaySessionState.Superseded;
            if (isUsable)
            {
                _connected.TrySetResult();
            }
            else if (_connected.Task.IsCompleted)
            {
                _connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            if (state == RelaySessionState.Closed)
            {
                _connected.TrySetException(new ObjectDisposedException(nameof(RelaySession), "The relay session was closed."));
                _ = _connected.Task.Exception;
            }

            if (_state == state && problem is null)
            {
                return;
            }

            _state = state;
        }

        _receiver.OnStateChanged(state, problem);
    }

    [LoggerMessage(41, LogLevel.Debug, "The session with relay {Url} failed.")]
    private static partial void LogFailed(ILogger logger, Uri url, Exception exception);
}
