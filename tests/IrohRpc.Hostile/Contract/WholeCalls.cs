using System.Runtime.CompilerServices;

namespace IrohRpc.Hostile;

/// <summary>Answers <see cref="IWholeCalls"/> with values that exist already.</summary>
internal sealed class WholeCalls : IWholeCalls
{
    private static readonly string Ascii = new('x', 64);
    private static readonly string Other = new('ä', 64);
    private static readonly Person One = new("Jane Austen", 1775, "Jane", new DateTime(1775, 12, 16), false);

    public static Order SampleOrder { get; } = new(
        "Emma",
        [.. Enumerable.Range(0, 10).Select(i => new Person("Jane Austen " + i, 1775, "Jane", new DateTime(1775, 12, 16), false))],
        new() { ["tea"] = 3.5m, ["ink"] = 1 },
        One,
        [1, null, 3],
        new Money(12, "GBP"));

    public static async IAsyncEnumerable<Person> People(int count)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            yield return One;
        }
    }

    public ValueTask<byte[]> EchoAsync(byte[] data, CancellationToken cancellationToken) => new(data);

    public async IAsyncEnumerable<string> TextsAsync(int count, bool areAscii, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            yield return areAscii ? Ascii : Other;
        }
    }

    public IAsyncEnumerable<Person> PeopleAsync(int count, CancellationToken cancellationToken) => People(count);

    public async IAsyncEnumerable<Order> OrdersAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (int i = 0; i < count; i++)
        {
            yield return SampleOrder;
        }
    }

    public async ValueTask<int> TakePeopleAsync(IAsyncEnumerable<Person> people, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (Person _ in people.WithCancellation(cancellationToken))
        {
            count++;
        }

        return count;
    }
}
