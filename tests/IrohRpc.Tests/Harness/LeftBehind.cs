using IrohRpc.Transports.Conformance;

[assembly: AssemblyFixture(typeof(IrohRpc.Tests.LeftBehind))]

namespace IrohRpc.Tests;

/// <summary>Looks, after all tests, for what no test of its own would notice: tasks that failed unseen, buffers that came back wrongly.</summary>
public sealed class LeftBehind : IDisposable
{
    private readonly UnobservedTasks _tasks = new();

    public void Dispose()
    {
        _tasks.Dispose();
        if (PoisoningPool.Wrongs.TryDequeue(out string? wrong))
        {
            throw new InvalidOperationException(wrong);
        }
    }
}
