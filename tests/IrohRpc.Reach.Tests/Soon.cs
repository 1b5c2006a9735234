namespace IrohRpc.Reach.Tests;

/// <summary>A bound on waits that end at once where all is well.</summary>
internal static class SoonExtensions
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static Task Soon(this Task task) => task.WaitAsync(Bound);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Bound);
}
