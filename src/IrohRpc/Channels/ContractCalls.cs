using IrohRpc.CompilerServices;

namespace IrohRpc.Channels;

/// <summary>The calls of one contract to one peer: what its proxies call.</summary>
internal sealed class ContractCalls : CallInvoker
{
    private readonly ClientOptions _options;

    public ContractCalls(PeerChannel channel, ContractDescriptor contract, ClientOptions options)
    {
        _options = options;
        Channel = channel;
        Connection = new ContractConnection(channel, contract, options);
        RetryBudget = options.RetryBudget;
    }

    public PeerChannel Channel { get; }

    public ContractConnection Connection { get; }

    internal override EndpointId PeerId => Channel.PeerId;

    internal override TimeProvider TimeProvider => _options.TimeProvider;

    internal override RpcOptions Options => _options;

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
            return method.Contract.Has(method, (await Connection.ConnectAsync(cancellationToken).ConfigureAwait(false)).Alpn);
        }
        catch (PeerException exception)
        {
            throw RpcErrors.NotStarted(method, exception);
        }
    }

    internal override void Send(OutgoingCall call) => Connection.Send(call);

    internal override bool ShouldRetry(OutgoingCall call, RpcException failure)
        => call.Retries < _options.MaxRetries
            && failure.StatusCode == RpcStatusCode.Unavailable
            && (failure.IsNotStarted || (failure.WasLost && call.Method.IsIdempotent))
            && (RetryBudget?.RecordFailure() ?? true);

    internal override void CompletionFailed(MethodDescriptor method, Exception failure) => Connection.Current?.LogCompletionFailed(failure);
}
