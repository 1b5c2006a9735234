using System.Runtime.CompilerServices;

namespace IrohRpc.Hostile;

/// <summary>Answers with what it got, and says whether what it got was clean.</summary>
internal sealed class Padding : IPadding
{
    public List<(string Place, bool IsDirty)> Arrived { get; } = [];

    public ValueTask<Pair> PairAsync(Pair value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Gapped> GappedAsync(Gapped value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Narrow> NarrowAsync(Narrow value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Narrow?> NullableAsync(Narrow? value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(Narrow, byte)> TupleAsync((Narrow, byte) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<(Narrow, string)> MixedTupleAsync((Narrow, string) value, CancellationToken cancellationToken) => new(value);

    public ValueTask<List<Narrow>> ListAsync(List<Narrow> value, CancellationToken cancellationToken) => new([.. PaddingCommand.Dirty(5)]);

    public ValueTask<Dictionary<byte, Narrow>> MapAsync(Dictionary<byte, Narrow> value, CancellationToken cancellationToken) => new(value);

    public ValueTask<Holding> HoldingAsync(Holding value, CancellationToken cancellationToken) => new(value);

    public ValueTask<TolerantHolding> TolerantAsync(TolerantHolding value, CancellationToken cancellationToken) => new(value);

    public ValueTask<DateTimeOffset[]> TimesAsync(DateTimeOffset[] value, CancellationToken cancellationToken) => new(value);

    public async IAsyncEnumerable<Narrow[]> EverywhereAsync(
        int before, Narrow[] argument, IAsyncEnumerable<Narrow[]> items, IProgress<Narrow[]> progress, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Arrived.Add(("argument", PaddingCommand.IsDirty(argument)));
        await foreach (Narrow[] item in items.WithCancellation(cancellationToken))
        {
            Arrived.Add(("item of the caller", PaddingCommand.IsDirty(item)));
        }

        progress.Report(PaddingCommand.Dirty(3));
        yield return PaddingCommand.Dirty(6);
        throw new RpcFaultException<Narrow[]>(PaddingCommand.Dirty(7), "as asked");
    }
}
