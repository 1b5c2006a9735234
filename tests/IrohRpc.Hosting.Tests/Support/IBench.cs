namespace IrohRpc.Hosting.Tests;

/// <summary>A contract whose service tells what the container gave it.</summary>
[Alpn("bench/1")]
public partial interface IBench
{
    ValueTask<string> HelloAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>A number of the object that answers, so that a caller sees which one it was.</summary>
    ValueTask<int> InstanceAsync(CancellationToken cancellationToken = default);

    /// <summary>Items, the next of which comes when the test's gate opens.</summary>
    IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken = default);

    ValueTask<Stream> ContentAsync(CancellationToken cancellationToken = default);

    ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default);

    /// <summary>Completes when the test's gate opens.</summary>
    ValueTask WaitAsync(CancellationToken cancellationToken = default);

    ValueTask FailAsync(CancellationToken cancellationToken = default);

    ValueTask<string> WhoAsync(CancellationToken cancellationToken = default);

    void Note(string text);
}
