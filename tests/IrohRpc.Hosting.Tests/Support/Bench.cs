using System.Runtime.CompilerServices;

namespace IrohRpc.Hosting.Tests;

/// <summary>The service: it answers from what was injected.</summary>
public sealed class Bench(Workpiece workpiece, Journal journal, ICallContextAccessor? accessor = null) : IBench, IAsyncDisposable
{
    public ValueTask<string> HelloAsync(string name, CancellationToken cancellationToken) => new($"Hello, {name}, from {workpiece.Number}");

    public ValueTask<int> InstanceAsync(CancellationToken cancellationToken) => new(workpiece.Number);

    public async IAsyncEnumerable<int> CountAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int number = 0; number < count; number++)
        {
            await journal.Gate.WaitAsync(cancellationToken);
            workpiece.RequireAlive();
            yield return number;
        }
    }

    public ValueTask<Stream> ContentAsync(CancellationToken cancellationToken) => new(new WatchedStream(workpiece, journal));

    public async ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken)
    {
        long sum = 0;
        await foreach (int number in numbers.WithCancellation(cancellationToken))
        {
            workpiece.RequireAlive();
            sum += number;
        }

        return sum;
    }

    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        journal.Write("waiting");
        await journal.Gate.WaitAsync(cancellationToken);
        workpiece.RequireAlive();
    }

    public ValueTask FailAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("the handler's");

    public ValueTask<string> WhoAsync(CancellationToken cancellationToken) => new(accessor?.CallContext?.PeerId.ToString() ?? "nobody");

    public void Note(string text) => journal.Write($"note {text}");

    public ValueTask DisposeAsync()
    {
        journal.Write($"service {workpiece.Number} disposed");
        return ValueTask.CompletedTask;
    }
}
