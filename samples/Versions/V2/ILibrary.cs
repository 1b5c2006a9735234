using IrohRpc;
using MemoryPack;

namespace Library;

/// <summary>The library with what came later: it speaks both versions, and prefers the newer.</summary>
[Alpn("library/2"), Alpn("library/1")]
public partial interface ILibrary
{
    [Idempotent]
    ValueTask<Book?> FindAsync(string title, CallContext? context = null, CancellationToken cancellationToken = default);

    [Since("library/2")]
    IAsyncEnumerable<Book> ListAsync(string author, CallContext? context = null, CancellationToken cancellationToken = default);
}

/// <summary>A book. Its type tolerates versions, so that it can grow within a version of the contract.</summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public partial class Book
{
    [MemoryPackOrder(0)]
    public required string Title { get; init; }

    [MemoryPackOrder(1)]
    public int Year { get; init; }

    /// <summary>Added with the second build; the first one neither knows nor sends it.</summary>
    [MemoryPackOrder(2)]
    public string? Author { get; init; }

    public override string ToString() => $"{Title}, {Year}, by {Author ?? "somebody"}";
}
