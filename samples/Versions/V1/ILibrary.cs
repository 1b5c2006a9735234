using IrohRpc;
using MemoryPack;

namespace Library;

/// <summary>The library as it was first released.</summary>
[Alpn("library/1")]
public partial interface ILibrary
{
    [Idempotent]
    ValueTask<Book?> FindAsync(string title, CallContext? context = null, CancellationToken cancellationToken = default);
}

/// <summary>A book. Its type tolerates versions, so that it can grow within a version of the contract.</summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public partial class Book
{
    [MemoryPackOrder(0)]
    public required string Title { get; init; }

    [MemoryPackOrder(1)]
    public int Year { get; init; }

    public override string ToString() => $"{Title}, {Year}";
}
