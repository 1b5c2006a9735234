namespace IrohRpc.Hostile;

/// <summary>Structs with bytes that belong to no field, in every form and place.</summary>
[Alpn("padding/1")]
public partial interface IPadding
{
    ValueTask<Pair> PairAsync(Pair value, CancellationToken cancellationToken = default);

    ValueTask<Gapped> GappedAsync(Gapped value, CancellationToken cancellationToken = default);

    ValueTask<Narrow> NarrowAsync(Narrow value, CancellationToken cancellationToken = default);

    ValueTask<Narrow?> NullableAsync(Narrow? value, CancellationToken cancellationToken = default);

    ValueTask<(Narrow, byte)> TupleAsync((Narrow, byte) value, CancellationToken cancellationToken = default);

    ValueTask<(Narrow, string)> MixedTupleAsync((Narrow, string) value, CancellationToken cancellationToken = default);

    ValueTask<List<Narrow>> ListAsync(List<Narrow> value, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<byte, Narrow>> MapAsync(Dictionary<byte, Narrow> value, CancellationToken cancellationToken = default);

    ValueTask<Holding> HoldingAsync(Holding value, CancellationToken cancellationToken = default);

    ValueTask<TolerantHolding> TolerantAsync(TolerantHolding value, CancellationToken cancellationToken = default);

    ValueTask<DateTimeOffset[]> TimesAsync(DateTimeOffset[] value, CancellationToken cancellationToken = default);

    [Fault<Narrow[]>]
    IAsyncEnumerable<Narrow[]> EverywhereAsync(int before, Narrow[] argument, IAsyncEnumerable<Narrow[]> items, IProgress<Narrow[]> progress, CancellationToken cancellationToken = default);
}

/// <summary>Few enough fields to stand in registers.</summary>
public record struct Narrow(byte A, long B, byte C);

/// <summary>Fields of one byte before those of eight.</summary>
public struct Gapped
{
    public byte A { get; set; }

    public long B { get; set; }

    public byte C { get; set; }

    public long D { get; set; }

    public byte E { get; set; }
}

[MemoryPack.MemoryPackable]
public partial record Holding(Narrow Narrow, string Text);

[MemoryPack.MemoryPackable(MemoryPack.GenerateType.VersionTolerant)]
public partial class TolerantHolding
{
    [MemoryPack.MemoryPackOrder(0)]
    public Narrow Narrow { get; set; }

    [MemoryPack.MemoryPackOrder(1)]
    public Narrow[]? More { get; set; }
}
