namespace IrohRpc.Fuzzing;

/// <summary>Answers.</summary>
internal sealed class Fuzzed : IFuzzed
{
    public ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken) => new(text);

    public void Post(int number)
    {
    }

    public IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken) => AsyncEnumerable.Range(0, Math.Clamp(count, 0, 100));

    public async ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, IProgress<int> progress, CancellationToken cancellationToken)
    {
        long sum = 0;
        await foreach (int number in numbers.WithCancellation(cancellationToken))
        {
            sum += number;
            progress.Report(number);
        }

        return sum;
    }
}
