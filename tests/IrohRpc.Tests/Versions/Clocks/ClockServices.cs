using System.Runtime.CompilerServices;

namespace IrohRpc.Tests.Versions;

internal sealed class FirstClock : Clocks.First.IClock
{
    public ValueTask<string> VersionAsync(CallContext? context, CancellationToken cancellationToken) => new(context!.Alpn);

    public async ValueTask<int> AddAsync(int left, int right, CancellationToken cancellationToken)
    {
        // Not at once, so that a shutdown finds calls in progress.
        await Task.Yield();
        return left + right;
    }
}

internal sealed class SecondClock : Clocks.Second.IClock
{
    public ValueTask<string> VersionAsync(CallContext? context, CancellationToken cancellationToken) => new(context!.Alpn);

    public async ValueTask<int> AddAsync(int left, int right, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return left + right;
    }

    public async IAsyncEnumerable<string> TicksAsync(
        int count, CallContext? context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return $"{i} {context!.Alpn}";
        }
    }
}

internal sealed class ThirdClock : Clocks.Third.IClock
{
    private readonly SecondClock _older = new();

    public TaskCompletionSource<int> Wound { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ValueTask<string> VersionAsync(CallContext? context, CancellationToken cancellationToken) => _older.VersionAsync(context, cancellationToken);

    public ValueTask<int> AddAsync(int left, int right, CancellationToken cancellationToken) => _older.AddAsync(left, right, cancellationToken);

    public IAsyncEnumerable<string> TicksAsync(int count, CallContext? context, CancellationToken cancellationToken)
        => _older.TicksAsync(count, context, cancellationToken);

    public ValueTask<int> MultiplyAsync(int left, int right, CancellationToken cancellationToken) => new(left * right);

    public ValueTask<int> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken)
        => numbers.SumAsync(cancellationToken);

    public ValueTask<Stream> ReadAsync(CancellationToken cancellationToken) => new(new MemoryStream([1, 2, 3]));

    public void Wind(int turns) => Wound.TrySetResult(turns);
}
