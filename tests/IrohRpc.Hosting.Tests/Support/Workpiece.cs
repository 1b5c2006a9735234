namespace IrohRpc.Hosting.Tests;

/// <summary>A dependency whose lifetime the tests look at.</summary>
public sealed class Workpiece(Journal journal) : IAsyncDisposable
{
    private bool _isDisposed;

    public int Number { get; } = journal.NextNumber();

    public void RequireAlive() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    public async ValueTask DisposeAsync()
    {
        // Asynchronously, as a database connection is.
        await Task.Yield();
        _isDisposed = true;
        journal.Write($"workpiece {Number} disposed");
    }
}
