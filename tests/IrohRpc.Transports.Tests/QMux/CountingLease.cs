using IrohRpc.Transports;

namespace IrohRpc.Tests.QMux;

/// <summary>Counts how often it is given back.</summary>
internal sealed class CountingLease : IHandshakeLease
{
    private int _disposals;

    public int Disposals => Volatile.Read(ref _disposals);

    public void HandshakeCompleted(EndpointId peerId)
    {
    }

    public void Dispose() => Interlocked.Increment(ref _disposals);
}
