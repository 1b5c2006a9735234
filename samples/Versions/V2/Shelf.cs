using System.Runtime.CompilerServices;
using IrohRpc;

namespace Library;

/// <summary>The service: one object for callers of both versions.</summary>
internal sealed class Shelf : ILibrary
{
    private static readonly Book[] Books =
    [
        new() { Title = "Emma", Year = 1815, Author = "Austen" },
        new() { Title = "Persuasion", Year = 1817, Author = "Austen" },
        new() { Title = "Middlemarch", Year = 1871, Author = "Eliot" },
    ];

    public ValueTask<Book?> FindAsync(string title, CallContext? context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"called under {context!.Alpn}");
        return new(Array.Find(Books, book => book.Title == title));
    }

    public async IAsyncEnumerable<Book> ListAsync(
        string author, CallContext? context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Console.WriteLine($"called under {context!.Alpn}");
        foreach (Book book in Books.Where(book => book.Author == author))
        {
            await Task.Yield();
            yield return book;
        }
    }
}
