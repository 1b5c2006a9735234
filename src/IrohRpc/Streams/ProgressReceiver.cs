using IrohRpc.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>Hands reports of progress to the caller's object.</summary>
internal abstract class ProgressReceiver(int parameter)
{
    public int Parameter => parameter;

    /// <summary>Hands one over.</summary>
    /// <exception cref="ProgressException">The caller's object threw.</exception>
    public abstract void Report(ReadOnlySpan<byte> report, PayloadLimits limits);
}

/// <summary>The same, with the type of a report.</summary>
internal sealed class ProgressReceiver<T>(int parameter, IProgress<T> progress, ValueReader<T> reader) : ProgressReceiver(parameter)
{
    public override void Report(ReadOnlySpan<byte> report, PayloadLimits limits)
    {
        T value = reader.Read(report, limits);
        try
        {
            progress.Report(value);
        }
        catch (Exception exception)
        {
            throw new ProgressException(exception);
        }
    }
}

/// <summary>Says that an exception is that of the caller's own progress object.</summary>
internal sealed class ProgressException(Exception thrown) : Exception("The receiver of progress has thrown an exception.", thrown)
{
    public Exception Thrown => InnerException!;
}
