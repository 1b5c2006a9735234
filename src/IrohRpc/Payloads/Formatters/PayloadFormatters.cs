using System.ComponentModel;
using IrohRpc.Payloads.Formatters;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>Registers formatters for the types that MemoryPack's own do not bring over safely. Generated code calls it for the types that a contract reaches.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PayloadFormatters
{
    /// <summary>Puts a formatter into the place of MemoryPack's own. One that the program registered stays.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="formatter">Its formatter.</param>
    public static void Replace<T>(MemoryPackFormatter<T> formatter)
    {
        if (!MemoryPackFormatterProvider.IsRegistered<T>() || IsMemoryPacks(Registered<T>()))
        {
            MemoryPackFormatterProvider.Register(formatter);
        }
    }

    /// <summary>The same for a dictionary whose keys and values are copied as they stand in memory, with bytes between them that nobody wrote.</summary>
    /// <typeparam name="TMap">The dictionary.</typeparam>
    /// <typeparam name="TKey">The type of a key.</typeparam>
    /// <typeparam name="TValue">The type of a value.</typeparam>
    /// <param name="formatter">Its formatter.</param>
    public static void ReplaceMap<TMap, TKey, TValue>(MemoryPackFormatter<TMap> formatter)
        where TMap : IEnumerable<KeyValuePair<TKey, TValue>>
        => Replace(new MapFormatter<TMap, TKey, TValue>(formatter));

    /// <summary>A <see cref="System.Numerics.BigInteger"/> arrives as zero otherwise.</summary>
    public static void ReplaceBigInteger() => Replace(new BigIntegerFormatter());

    /// <summary>A <see cref="System.Collections.BitArray"/> is written beyond its memory otherwise.</summary>
    public static void ReplaceBitArray() => Replace(new BitArrayFormatter());

    /// <summary>.NET cannot read most time zones that it writes as text.</summary>
    public static void ReplaceTimeZoneInfo() => Replace(new TimeZoneInfoFormatter());

    /// <summary>.NET keeps each culture that it is asked for, by whatever name.</summary>
    public static void ReplaceCultureInfo() => Replace(new CultureInfoFormatter());

    /// <summary>Registers the formatter of tickets, which lists of them need.</summary>
    public static void ReplaceEndpointTicket() => MemoryPackFormatterProvider.Register<EndpointTicket>();

    /// <summary>Registers the formatter of the addresses of endpoints, which lists of them need.</summary>
    public static void ReplaceEndpointAddress() => MemoryPackFormatterProvider.Register<EndpointAddress>();

    /// <summary>An array of several dimensions whose size in bytes overflows an <see cref="int"/> is written beyond the buffer otherwise.</summary>
    /// <typeparam name="TArray">The array.</typeparam>
    /// <param name="formatter">MemoryPack's formatter for it.</param>
    /// <param name="elementSize">The size of an element.</param>
    public static void ReplaceGrid<TArray>(MemoryPackFormatter<TArray> formatter, int elementSize)
        => Replace(new GridFormatter<TArray>(formatter, elementSize));

    /// <summary>
    /// What compares the keys of a dictionary or set that a peer fills: by hashes that it cannot foresee. Null where .NET sees to that.
    /// </summary>
    /// <typeparam name="T">The type of a key.</typeparam>
    public static IEqualityComparer<T>? Keys<T>() => PayloadKeyComparer<T>.Instance;

    /// <summary>
    /// The same for a frozen collection: .NET hashes its strings without a seed, so that a peer could send a hundred thousand which each look-up compares.
    /// </summary>
    /// <typeparam name="T">The type of a key.</typeparam>
    public static IEqualityComparer<T>? FrozenKeys<T>()
        => typeof(T) == typeof(string) ? (IEqualityComparer<T>)(object)SeededStringComparer.Instance : Keys<T>();

    private static bool IsMemoryPacks(object formatter) => formatter.GetType().Assembly == typeof(MemoryPackReader).Assembly;

    private static IMemoryPackFormatter<T> Registered<T>()
    {
        MemoryPackReaderOptionalState state = MemoryPackReaderOptionalStatePool.Rent(null);
        try
        {
            return new MemoryPackReader(default(ReadOnlySpan<byte>), state).GetFormatter<T>();
        }
        finally
        {
            ((IDisposable)state).Dispose();
        }
    }
}
