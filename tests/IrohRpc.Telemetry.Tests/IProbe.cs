using System.Runtime.CompilerServices;

namespace IrohRpc.Telemetry.Tests;

/// <summary>What is traced and measured.</summary>
[Alpn("probe/1")]
public partial interface IProbe
{
    ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken = default);

    ValueTask FailAsync(RpcStatusCode status, CancellationToken cancellationToken = default);

    IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellationToken = default);

    [Idempotent]
    ValueTask<int> AgainAsync(CancellationToken cancellationToken = default);
}

internal sealed class Probe : IProbe
{
    public Func<int, ValueTask<int>> Again { get; set; } = ValueTask.FromResult;

    public int Asked;

    public ValueTask<string> EchoAsync(string text, CancellationToken cancellationToken) => ValueTask.FromResult(text);

    public ValueTask FailAsync(RpcStatusCode status, CancellationToken cancellationToken) => throw new RpcException(status, "As you wish.");

    public async IAsyncEnumerable<int> CountAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    public ValueTask<int> AgainAsync(CancellationToken cancellationToken) => Again(Interlocked.Increment(ref Asked));
}
