using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Calls the service of a peer over whichever connection there is at the time, and makes one where there is none.</summary>
internal sealed class ReconnectingInvoker : CallInvoker
{
    private readonly ClientOptions _options;
    private readonly TaskSet _tasks = new(static _ => { });
    private readonly Lock _gate = new();
    private volatile RpcConnection? _current;

    public ReconnectingInvoker(ReconnectingConnection connection, ClientOptions options)
    {
        Connection = connection;
        _options = options;
    }

    public ReconnectingConnection Connection { get; }

    internal override TimeProvider TimeProvider => _options.TimeProvider;

    internal override TimeSpan? Timeout => _options.Timeout;

    internal override string? Alpn => Connection.Current?.Alpn;

    internal override bool Supports(MethodDescriptor method)
        => Alpn is { } alpn ? method.Contract.Has(method, alpn) : method.Contract.HasAlways(method);

    internal override async ValueTask<bool> SupportsAsync(MethodDescriptor method, CancellationToken cancellationToken)
    {
        if (method.Contract.HasAlways(method))
        {
            return true;
        }

        try
        {
            return method.Contract.Has(method, (await GetAsync(cancellationToken).ConfigureAwait(false)).Alpn);
        }
        catch (PeerException exception)
        {
            throw RpcErrors.NotStarted(method, exception);
        }
    }

    internal override void Send(OutgoingCall call)
    {
        if (_current is { IsGoingAway: false } rpc)
        {
            rpc.Send(call, 0);
        }
        else
        {
            _tasks.Add(SendLaterAsync(call));
        }
    }

    internal override bool ShouldRetry(OutgoingCall call, RpcException failure)
        => call.Retries < _options.MaxRetries
            && failure.StatusCode == RpcStatusCode.Unavailable
            && (failure.IsNotStarted || (failure.WasLost && call.Method.IsIdempotent));

    internal override void PostFailed(OutgoingCall call, Exception failure) => _current?.LogPostFailed(call.Method, failure);

    private async Task SendLaterAsync(OutgoingCall call)
    {
        try
        {
            RpcConnection rpc = await GetAsync(call.CancellationToken).ConfigureAwait(false);
            rpc.Send(call, 0);
        }
        catch (PeerException exception)
        {
            call.Failed(RpcErrors.NotStarted(call.Method, exception));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            call.Failed(exception);
        }
    }

    private async ValueTask<RpcConnection> GetAsync(CancellationToken cancellationToken)
    {
        if (_current is { } current)
        {
            if (!current.IsGoingAway)
            {
                return current;
            }

            // What it still answers comes in; calls that begin now need one that takes them.
            Connection.Retire(current.Connection);
        }

        PeerConnection connection = await ReachAsync(cancellationToken).ConfigureAwait(false);
        lock (_gate)
        {
            if (_current is null || _current.Connection != connection)
            {
                var rpc = RpcConnection.Start(connection, default(ServiceBinding), _options);
                rpc.PeerIsLeaving = left => Connection.Retire(left.Connection);
                _current = rpc;
            }

            return _current;
        }
    }

    private async ValueTask<PeerConnection> ReachAsync(CancellationToken cancellationToken)
    {
        long began = _options.TimeProvider.GetTimestamp();
        try
        {
            return await Connection.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PeerException exception) when (_options.WaitForReady > TimeSpan.Zero && MayPass(exception.Kind))
        {
            return await WaitAsync(began, exception, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<PeerConnection> WaitAsync(long began, PeerException failure, CancellationToken cancellationToken)
    {
        while (true)
        {
            TimeSpan left = _options.WaitForReady - _options.TimeProvider.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                throw failure;
            }

            using var bound = new CancellationTokenSource(left, _options.TimeProvider);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, bound.Token);
            try
            {
                return await Connection.NextAsync(either.Token).ConfigureAwait(false);
            }
            catch (PeerException exception) when (MayPass(exception.Kind))
            {
                failure = exception;
            }
            catch (OperationCanceledException) when (bound.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw failure;
            }
        }
    }

    // What says that the peer is there and will say the same again, or that there is nothing to dial, does not pass.
    private static bool MayPass(PeerErrorKind kind) => kind is PeerErrorKind.Unreachable or PeerErrorKind.Refused or PeerErrorKind.TimedOut
        or PeerErrorKind.ConnectionLost or PeerErrorKind.IdleTimeout or PeerErrorKind.ClosedByPeer;
}
