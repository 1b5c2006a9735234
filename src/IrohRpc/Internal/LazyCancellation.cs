namespace IrohRpc.Internal;

/// <summary>
/// A token that fires once, whose source is made when somebody asks for the token: many connections hold one that nobody ever looks at. Safe to use from
/// several threads at once; a mutable structure, to be kept in a field.
/// </summary>
internal struct LazyCancellation
{
    private static readonly CancellationTokenSource Fired = CreateFired();

    private CancellationTokenSource? _source;

    /// <summary>The token.</summary>
    public CancellationToken Token
    {
        get
        {
            CancellationTokenSource? source = Volatile.Read(ref _source);
            if (source is null)
            {
                var made = new CancellationTokenSource();
                source = Interlocked.CompareExchange(ref _source, made, null) ?? made;
            }

            return source.Token;
        }
    }

    /// <summary>Fires the token on the thread pool. Never throws: callbacks that do have nobody to report to.</summary>
    public Task FireAsync()
        => Interlocked.CompareExchange(ref _source, Fired, null) is { } source ? source.FireAsync() : Task.CompletedTask;

    private static CancellationTokenSource CreateFired()
    {
        var fired = new CancellationTokenSource();
        fired.Cancel();
        return fired;
    }
}
