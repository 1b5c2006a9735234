using System.Collections;
using System.Text;

namespace IrohRpc;

/// <summary>
/// Key and value pairs that travel beside a call, either way: for what is of no call in particular, such as a tenant or a request id.
/// </summary>
/// <remarks>
/// Keys are UTF-8, compared by their characters, and may repeat; order is kept. Values are bytes, with strings as UTF-8 for convenience. All fields
/// of a call together may take 16 KiB unless the receiver allows more. Not for use from several threads at once.
/// </remarks>
public sealed class Metadata : IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>>
{
    private readonly List<KeyValuePair<string, ReadOnlyMemory<byte>>> _entries = [];

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>The last value of a key as a string, or null where there is none. Setting replaces all values of the key; null removes them.</summary>
    /// <param name="key">The key, not empty.</param>
    public string? this[string key]
    {
        get => TryGetValue(key, out ReadOnlyMemory<byte> value) ? Encoding.UTF8.GetString(value.Span) : null;
        set
        {
            Remove(key);
            if (value is not null)
            {
                Add(key, value);
            }
        }
    }

    /// <summary>Adds an entry.</summary>
    /// <param name="key">The key, not empty.</param>
    /// <param name="value">The value.</param>
    public void Add(string key, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Add(key, Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Adds an entry of bytes, which must not change any more.</summary>
    /// <param name="key">The key, not empty.</param>
    /// <param name="value">The value.</param>
    public void Add(string key, ReadOnlyMemory<byte> value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        _entries.Add(KeyValuePair.Create(key, value));
    }

    /// <summary>The last value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value, where the result is true.</param>
    public bool TryGetValue(string key, out ReadOnlyMemory<byte> value)
    {
        ArgumentNullException.ThrowIfNull(key);
        for (int index = _entries.Count - 1; index >= 0; index--)
        {
            if (_entries[index].Key == key)
            {
                value = _entries[index].Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>Removes all values of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>Whether there were any.</returns>
    public bool Remove(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return _entries.RemoveAll(entry => entry.Key == key) > 0;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, ReadOnlyMemory<byte>>> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
