namespace IrohRpc;

/// <summary>
/// The context of the call that the current code handles, for whoever must know the caller without a parameter in the contract: a repository, a log. Added by
/// <c>AddCallContextAccessor</c>.
/// </summary>
public interface ICallContextAccessor
{
    /// <summary>The context; null outside a call. It is not valid any more once the call has completed.</summary>
    CallContext? CallContext { get; }
}
