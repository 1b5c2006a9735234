namespace IrohRpc.Routing.Internal;

/// <summary>What an endpoint owns for layers above, one object of a type, made when it is first asked for. Safe to use from several threads at once.</summary>
/// <param name="isClosing">Whether nothing is made any more.</param>
internal sealed class OwnedObjects(Func<bool> isClosing) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Type, IAsyncDisposable> _objects = [];

    /// <summary>The one object of its type.</summary>
    /// <exception cref="ObjectDisposedException">There is none, and nothing is made any more.</exception>
    public T Get<T>(Func<T> create)
        where T : class, IAsyncDisposable
    {
        lock (_lock)
        {
            if (!_objects.TryGetValue(typeof(T), out IAsyncDisposable? owned))
            {
                ObjectDisposedException.ThrowIf(isClosing(), typeof(PeerEndpoint));
                owned = create();
                _objects.Add(typeof(T), owned);
            }

            return (T)owned;
        }
    }

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable[] objects;
        lock (_lock)
        {
            objects = [.. _objects.Values];
        }

        foreach (IAsyncDisposable one in objects)
        {
            await one.DisposeAsync().ConfigureAwait(false);
        }
    }
}
