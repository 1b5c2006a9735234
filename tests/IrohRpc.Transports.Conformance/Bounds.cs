namespace IrohRpc.Transports.Conformance;

/// <summary>Waits of tests that end.</summary>
public static class Bounds
{
    /// <summary>Far more than anything takes that is to happen.</summary>
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(20);

    public static Task Bounded(this Task task) => task.WaitAsync(Generous, TestContext.Current.CancellationToken);

    public static Task<T> Bounded<T>(this Task<T> task) => task.WaitAsync(Generous, TestContext.Current.CancellationToken);

    public static Task Bounded(this ValueTask task) => task.AsTask().Bounded();

    public static Task<T> Bounded<T>(this ValueTask<T> task) => task.AsTask().Bounded();
}
