namespace KeyValue.Storage;

/// <summary>A lease was named that does not exist, or has ended.</summary>
internal sealed class LeaseNotFoundException(long lease) : StoreException($"There is no lease {lease}, or it has ended.")
{
    /// <summary>The lease that was named.</summary>
    public long Lease { get; } = lease;
}
