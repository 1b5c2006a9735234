namespace IrohRpc.Fuzzing;

/// <summary>What the peers under attack serve.</summary>
[Alpn("fuzzed/1")]
public partial interface IFuzzed
{
    ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken = default);

    void Post(int number);

    IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken = default);

    ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, IProgress<int> progress, CancellationToken cancellationToken = default);
}
