using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Hands reports of progress to the caller's object.</summary>
internal abstract class ProgressReceiver(int parameter)
{
    public int Parameter => parameter;

    public abstract void Report(ReadOnlySpan<byte> report, PayloadLimits limits);
}

/// <summary>The same, with the type of a report.</summary>
internal sealed class ProgressReceiver<T>(int parameter, IProgress<T> progress, ValueReader<T> reader) : ProgressReceiver(parameter)
{
    public override void Report(ReadOnlySpan<byte> report, PayloadLimits limits) => progress.Report(reader.Read(report, limits));
}
