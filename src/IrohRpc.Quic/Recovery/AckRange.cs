namespace IrohRpc.Quic.Recovery;

/// <summary>Consecutive packet numbers, both ends included.</summary>
internal readonly record struct AckRange(long Smallest, long Largest)
{
    public bool Contains(long packetNumber) => packetNumber >= Smallest && packetNumber <= Largest;
}
