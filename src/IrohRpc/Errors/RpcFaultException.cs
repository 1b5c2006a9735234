namespace IrohRpc;

/// <summary>A typed fault, whatever its detail. Throw and catch <see cref="RpcFaultException{T}"/>.</summary>
public abstract class RpcFaultException : RpcException
{
    private protected RpcFaultException(RpcStatusCode statusCode, string message, Exception? innerException)
        : base(statusCode, message, innerException)
    {
    }

    /// <summary>The detail, boxed where it is a value.</summary>
    public abstract object? UntypedDetail { get; }
}

/// <summary>
/// A fault that the contract declares with <see cref="FaultAttribute{T}"/>: the handler throws it, the caller catches it with its detail.
/// Thrown by a method that does not declare it, it arrives as a plain <see cref="RpcException"/> of the same code and message.
/// </summary>
/// <typeparam name="T">The type of the detail.</typeparam>
/// <param name="detail">What happened, for programs.</param>
/// <param name="message">What happened, for people.</param>
/// <param name="statusCode">The code beside it. Default <see cref="RpcStatusCode.FailedPrecondition"/>.</param>
/// <param name="innerException">What caused it, if anything. It stays on this side.</param>
public sealed class RpcFaultException<T>(
    T detail, string? message = null, RpcStatusCode statusCode = RpcStatusCode.FailedPrecondition, Exception? innerException = null)
    : RpcFaultException(statusCode, message ?? $"The call failed with a {typeof(T).Name}.", innerException)
{
    /// <summary>What happened, for programs.</summary>
    public T Detail { get; } = detail;

    /// <inheritdoc/>
    public override object? UntypedDetail => Detail;
}
