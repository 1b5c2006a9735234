namespace IrohRpc.Samples.Tests.Programs;

/// <summary>Waits for as long as the tests have patience.</summary>
internal static class Waiting
{
    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().Soon();

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);

    public static Task Soon(this Task task) => task.WaitAsync(ChildProcess.Patience, TestContext.Current.CancellationToken);
}
