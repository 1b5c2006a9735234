namespace IrohRpc.Tests;

internal static class Waiting
{
    public static Task<T> Soon<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(RpcPair.Bound, TestContext.Current.CancellationToken);

    public static Task Soon(this ValueTask task) => task.AsTask().WaitAsync(RpcPair.Bound, TestContext.Current.CancellationToken);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(RpcPair.Bound, TestContext.Current.CancellationToken);

    public static Task Soon(this Task task) => task.WaitAsync(RpcPair.Bound, TestContext.Current.CancellationToken);
}
