namespace IrohRpc.Extensions.Policies;

/// <summary>
/// Makes calls of this side once more where the first attempt takes long, and takes the first answer; the other attempts are cancelled. Only for unary methods that bear
/// <see cref="IdempotentAttribute"/>: the handler may run several times. Other calls are left alone.
/// </summary>
public sealed class HedgingInterceptor : RpcInterceptor
{
    private readonly HedgingOptions _options;

    /// <summary>Makes one.</summary>
    /// <param name="options">When there is another attempt; null for the defaults.</param>
    public HedgingInterceptor(HedgingOptions? options = null) => _options = options ?? new HedgingOptions();

    /// <inheritdoc/>
    public override ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        ArgumentNullException.ThrowIfNull(next);
        return invocation.Method is { IsIdempotent: true, Kind: RpcMethodKind.Unary } ? HedgeAsync(invocation, next) : next(invocation);
    }

    private async ValueTask HedgeAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(invocation.CancellationToken);
        var running = new List<Task<RpcInvocation>>();
        int attempts = 0;
        Exception? failure = null;
        try
        {
            running.Add(StartAsync(invocation, next, losers.Token));
            attempts++;
            while (true)
            {
                bool mayHedge = attempts < _options.MaxAttempts && _options.RetryBudget is not { AllowsRetry: false };
                Task delay = mayHedge ? Task.Delay(failure is null ? _options.HedgingDelay : TimeSpan.Zero, invocation.TimeProvider, losers.Token) : Task.Delay(Timeout.Infinite, losers.Token);
                Task first = mayHedge && delay.IsCompletedSuccessfully ? delay : await Task.WhenAny([.. running, delay]).ConfigureAwait(false);
                if (first == delay)
                {
                    invocation.CancellationToken.ThrowIfCancellationRequested();
                    failure = null;
                    _options.RetryBudget?.RecordFailure();
                    running.Add(StartAsync(invocation, next, losers.Token));
                    attempts++;
                    continue;
                }

                var ended = (Task<RpcInvocation>)first;
                running.Remove(ended);
                if (ended.IsCompletedSuccessfully)
                {
                    _options.RetryBudget?.RecordSuccess();
                    invocation.TakeResult(await ended.ConfigureAwait(false));
                    return;
                }

                failure = ended.Exception?.InnerException;
                bool isFatal = failure is not RpcException error || !_options.NonFatalStatusCodes.Contains(error.StatusCode);
                if (isFatal || (running.Count == 0 && (attempts >= _options.MaxAttempts || _options.RetryBudget?.RecordFailure() == false)))
                {
                    await ended.ConfigureAwait(false);
                }
            }
        }
        finally
        {
            await losers.CancelAsync().ConfigureAwait(false);
            foreach (Task<RpcInvocation> loser in running)
            {
                // Nobody waits for it any more; its failure is that it was given up.
                _ = loser.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    private static async Task<RpcInvocation> StartAsync(RpcInvocation invocation, RpcInvocationDelegate next, CancellationToken cancellationToken)
    {
        RpcInvocation attempt = invocation.Fork();
        attempt.CancellationToken = cancellationToken;
        await next(attempt).ConfigureAwait(false);
        return attempt;
    }
}
