namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>Tests with one other implementation; each names its case, for <see cref="InteropResults"/>.</summary>
/// <param name="peer">The other implementation, and which side it is.</param>
public abstract class InteropTest(string peer) : IDisposable
{
    private protected InteropIdentity Ours { get; } = new();

    private protected InteropIdentity Theirs { get; } = new();

    private protected CancellationTokenSource Timeout { get; } = new(TimeSpan.FromSeconds(90));

    /// <summary>What is tried. The same words with every implementation make one row of the table.</summary>
    protected string? Case { get; set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Case is not null && TestContext.Current.TestState is { } state)
        {
            InteropResults.Record(peer, Case, state.Result);
        }

        Ours.Dispose();
        Theirs.Dispose();
        Timeout.Dispose();
        GC.SuppressFinalize(this);
    }
}
