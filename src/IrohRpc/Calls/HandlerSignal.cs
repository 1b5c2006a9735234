namespace IrohRpc.Calls;

/// <summary>
/// Tells a handler that nobody waits for it any more, in its connection's turn: what its token fires is the handler's code, and a peer whose calls all end at once has one turn among
/// those of other connections.
/// </summary>
internal sealed class HandlerSignal : ILaneWork
{
    private readonly ICallHost _host;
    private readonly CancellationTokenSource _source;

    private HandlerSignal(ICallHost host, CancellationTokenSource source)
    {
        _host = host;
        _source = source;
    }

    public ILaneWork? Next { get; set; }

    /// <summary>Fires a token when the connection's turn comes.</summary>
    public static void Fire(ICallHost host, CancellationTokenSource source) => new HandlerSignal(host, source).Enqueue();

    /// <summary>The same, after a time.</summary>
    /// <returns>The timer, which belongs to the caller.</returns>
    public static ITimer FireAfter(ICallHost host, CancellationTokenSource source, TimeSpan time)
        => host.Options.TimeProvider.CreateTimer(
            static signal => ((HandlerSignal)signal!).Enqueue(), new HandlerSignal(host, source), time, Timeout.InfiniteTimeSpan);

    void ILaneWork.Run()
    {
        try
        {
            _source.Cancel();
        }
        catch (Exception)
        {
            // The call has just ended, or a callback on the token threw, which has nobody to report to.
        }
    }

    private void Enqueue() => _host.Signals.Add(this);
}
