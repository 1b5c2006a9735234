namespace IrohRpc.Hostile;

/// <summary>Calls whose whole cost is measured with and without the check of what they bring.</summary>
[Alpn("whole/1")]
public partial interface IWholeCalls
{
    ValueTask<byte[]> EchoAsync(byte[] data, CancellationToken cancellationToken = default);

    IAsyncEnumerable<string> TextsAsync(int count, bool areAscii, CancellationToken cancellationToken = default);

    IAsyncEnumerable<Person> PeopleAsync(int count, CancellationToken cancellationToken = default);

    IAsyncEnumerable<Order> OrdersAsync(int count, CancellationToken cancellationToken = default);

    ValueTask<int> TakePeopleAsync(IAsyncEnumerable<Person> people, CancellationToken cancellationToken = default);
}
