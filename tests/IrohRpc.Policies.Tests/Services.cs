using System.Runtime.CompilerServices;

namespace IrohRpc.Policies.Tests;

internal sealed class Vault : IVault
{
    public ValueTask<string> ReadAsync(string key, CancellationToken cancellationToken) => ValueTask.FromResult(key);

    public ValueTask<string> EraseAsync(string key, CancellationToken cancellationToken) => ValueTask.FromResult("gone");

    public ValueTask<string> NameAsync(CancellationToken cancellationToken) => ValueTask.FromResult("vault");

    public ValueTask LostAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask DefaultAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public async IAsyncEnumerable<int> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return 1;
    }
}

internal sealed class Desk : IDesk
{
    /// <summary>What each attempt at <see cref="AskAsync"/> does; the last is repeated.</summary>
    public List<Func<int, CancellationToken, ValueTask<int>>> Answers { get; } = [];

    public int Asked;

    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<int> AskAsync(int number, CancellationToken cancellationToken)
    {
        int attempt = Interlocked.Increment(ref Asked);
        return Answers.Count == 0 ? ValueTask.FromResult(number) : Answers[Math.Min(attempt, Answers.Count) - 1](number, cancellationToken);
    }

    public ValueTask<int> TellAsync(int number, string secret, CancellationToken cancellationToken) => ValueTask.FromResult(number + 1);

    public ValueTask<int> DearAsync(CancellationToken cancellationToken) => ValueTask.FromResult(1);

    public async ValueTask<long> StoreAsync(Stream bytes, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var copy = new MemoryStream();
        await bytes.CopyToAsync(copy, cancellationToken);
        return copy.Length;
    }

    public async IAsyncEnumerable<int> HoldAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return 1;
        await Released.Task.WaitAsync(cancellationToken);
        yield return 2;
    }
}
