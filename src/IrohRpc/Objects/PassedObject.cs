namespace IrohRpc.Internal;

/// <summary>An object of this side's that a peer may call, with the number by which it does.</summary>
internal sealed class PassedObject(ServiceBinding binding)
{
    private static long _last;

    /// <summary>
    /// Unique in the process, so that it is known before the connection is: a call that waits for its connection, or is made again on another,
    /// has its arguments written already.
    /// </summary>
    public long Number { get; } = Interlocked.Increment(ref _last);

    public ServiceBinding Binding => binding;
}
