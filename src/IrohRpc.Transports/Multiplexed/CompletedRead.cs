namespace IrohRpc.Transports.Multiplexed;

/// <summary>A read of the application's that has its bytes and waits to be told so.</summary>
/// <param name="Stream">Whose read it is; null for none.</param>
/// <param name="Count">How many bytes it got.</param>
internal readonly record struct CompletedRead(MultiplexedPeerStream? Stream, int Count)
{
    /// <summary>Tells it. Outside of all locks.</summary>
    /// <param name="inline">Whether the application goes on within this call; otherwise it does on the thread pool.</param>
    public void Complete(bool inline) => Stream?.FinishRead(Count, inline);
}
