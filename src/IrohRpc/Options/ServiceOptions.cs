namespace IrohRpc;

/// <summary>How a mapped service answers.</summary>
public sealed class ServiceOptions : RpcOptions
{
    /// <summary>
    /// How long a shutdown waits for a peer that has all of its responses to close the connection, counted from the last byte that left. Default five seconds; at least a
    /// millisecond, at most 24 days. The router's drain time-out bounds it as well. A caller that has not read its stream to the end by then gets <see cref="RpcStatusCode.Unavailable"/>.
    /// </summary>
    public TimeSpan CloseTimeout { get; set => field = Require(value, TimeSpan.FromMilliseconds(1), nameof(CloseTimeout)); } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether <see cref="CallContext.Current"/> gives the context of the call to whatever the handler calls. Default no, since it costs each call a context. A method that
    /// takes a <see cref="CallContext"/> does not need it.
    /// </summary>
    public bool FlowsCallContext { get; set; }

    internal override bool FlowsContext => FlowsCallContext;
}
