using System.Collections.Concurrent;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>Counts per key, up to a limit, exactly and without a lock of its own. A key that counts nothing takes no memory.</summary>
internal sealed class KeyedLimit<TKey>(int limit)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, int> _counts = new();

    /// <summary>How many keys count something.</summary>
    public int KeyCount => _counts.Count;

    public int CountOf(TKey key) => _counts.GetValueOrDefault(key);

    /// <returns>Whether there was room; if so, <see cref="Release"/> gives it back.</returns>
    public bool TryTake(TKey key)
    {
        while (true)
        {
            if (!_counts.TryGetValue(key, out int count))
            {
                if (_counts.TryAdd(key, 1))
                {
                    return true;
                }
            }
            else if (count >= limit)
            {
                return false;
            }
            else if (_counts.TryUpdate(key, count + 1, count))
            {
                return true;
            }
        }
    }

    public void Release(TKey key)
    {
        while (_counts.TryGetValue(key, out int count))
        {
            if (count == 1 ? _counts.TryRemove(KeyValuePair.Create(key, 1)) : _counts.TryUpdate(key, count - 1, count))
            {
                return;
            }
        }
    }
}
