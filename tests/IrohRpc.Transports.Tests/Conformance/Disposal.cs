namespace IrohRpc.Transports.Tests.Conformance;

/// <summary>Disposes of several things, the last first.</summary>
internal sealed class Disposal(params IDisposable[] owned) : IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        foreach (IDisposable one in owned.Reverse())
        {
            one.Dispose();
        }

        return ValueTask.CompletedTask;
    }
}
