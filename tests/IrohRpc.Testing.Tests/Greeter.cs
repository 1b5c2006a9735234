using System.Runtime.CompilerServices;

namespace IrohRpc.Testing.Tests;

/// <summary>Serves <see cref="IGreeter"/>.</summary>
public sealed class Greeter(string greeting = "Hello") : IGreeter
{
    public ValueTask<string> HelloAsync(string name, CallContext? context = null, CancellationToken cancellation = default) => new($"{greeting}, {name}");

    public async IAsyncEnumerable<int> CountAsync(int count, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return i;
        }
    }

    public ValueTask<int> SizeAsync(byte[] bytes, CancellationToken cancellation = default) => new(bytes.Length);
}
