namespace IrohRpc.Calls;

/// <summary>Takes the reports of a call whose caller wants none.</summary>
internal sealed class IgnoredProgress<T> : IProgress<T>
{
    public static IgnoredProgress<T> Instance { get; } = new();

    public void Report(T value)
    {
    }
}
