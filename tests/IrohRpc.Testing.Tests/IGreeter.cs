namespace IrohRpc.Testing.Tests;

/// <summary>What the peers of these tests say to each other.</summary>
[Alpn("greeter/1")]
public partial interface IGreeter
{
    ValueTask<string> HelloAsync(string name, CallContext? context = null, CancellationToken cancellation = default);

    IAsyncEnumerable<int> CountAsync(int count, CancellationToken cancellation = default);

    ValueTask<int> SizeAsync(byte[] bytes, CancellationToken cancellation = default);
}
