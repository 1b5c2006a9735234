namespace KeyValue.Commands;

/// <summary>Prints how far an import is, at once and so in order, which <see cref="Progress{T}"/> would not.</summary>
internal sealed class ImportProgress : IProgress<long>
{
    public void Report(long value) => Console.Error.WriteLine($"{value} rows stored");
}
