namespace IrohRpc.Multiplexing.Streams;

/// <summary>What the number of a stream says (RFC 9000, section 2.1): the lowest bit who opened it, the next whether it goes one way.</summary>
internal static class StreamId
{
    /// <summary>The most streams of one type that a connection can ever have (RFC 9000, section 4.6).</summary>
    public const long MaxCount = 1L << 60;

    public static bool IsOpenedByClient(long id) => (id & 1) == 0;

    public static bool IsBidirectional(long id) => (id & 2) == 0;

    /// <summary>The how-manieth of its type the stream is, from zero.</summary>
    public static long Index(long id) => id >> 2;

    public static long Create(long index, bool client, bool bidirectional)
        => (index << 2) | (bidirectional ? 0L : 2L) | (client ? 0L : 1L);
}
