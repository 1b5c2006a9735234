namespace IrohRpc.Samples.Tests.Stores;

/// <summary>Keeps the reports of an import. They come one after the other, and all before the result.</summary>
internal sealed class RecordedProgress : IProgress<long>
{
    public List<long> Reports { get; } = [];

    public void Report(long value) => Reports.Add(value);
}
