namespace IrohRpc;

/// <summary>
/// Sets the largest message of a method, either way: its arguments together, its result, one item of a stream, one report of progress.
/// What is larger is refused with <see cref="RpcStatusCode.ResourceExhausted"/> before it is buffered.
/// </summary>
/// <param name="bytes">The limit in bytes; at least one. Without the attribute the service's option holds, 4 MiB unless set.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MessageLimitAttribute(int bytes) : Attribute
{
    /// <summary>The limit in bytes.</summary>
    public int Bytes { get; } = bytes;
}
