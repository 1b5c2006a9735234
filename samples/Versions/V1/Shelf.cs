using IrohRpc;

namespace Library;

/// <summary>The service.</summary>
internal sealed class Shelf : ILibrary
{
    private static readonly Book[] Books = [new() { Title = "Emma", Year = 1815 }, new() { Title = "Persuasion", Year = 1817 }];

    public ValueTask<Book?> FindAsync(string title, CallContext? context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"called under {context!.Alpn}");
        return new(Array.Find(Books, book => book.Title == title));
    }
}
