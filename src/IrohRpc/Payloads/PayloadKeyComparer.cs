using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace IrohRpc.Payloads;

/// <summary>
/// Compares keys that a peer chose. The hashes of .NET's numbers are known to everybody, so that a peer could send a million keys with one hash, and each would
/// be compared with all before it. Here numbers are hashed with a random seed, and the hashes of other types are scrambled with one; of those, keys with one
/// hash are counted while a payload is read.
/// </summary>
internal sealed class PayloadKeyComparer<T> : IEqualityComparer<T>
{
    private static readonly ulong Multiplier = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) | 1;

    private PayloadKeyComparer()
    {
    }

    /// <summary>The comparer; null where .NET's own will do: strings have a seed, and there are few numbers of 16 bits.</summary>
    public static PayloadKeyComparer<T>? Instance { get; } = typeof(T) == typeof(string) || IsSmall ? null : new();

    private static bool IsSmall => !RuntimeHelpers.IsReferenceOrContainsReferences<T>() && Unsafe.SizeOf<T>() <= 2;

    public bool Equals(T? x, T? y)
    {
        bool areEqual = EqualityComparer<T>.Default.Equals(x, y);
        if (!areEqual && !HasOwnHash)
        {
            PayloadWork.CountCollision();
        }

        return areEqual;
    }

    public int GetHashCode([DisallowNull] T value)
        => HasOwnHash ? Hash(value) : (int)(((ulong)(uint)EqualityComparer<T>.Default.GetHashCode(value) * Multiplier) >> 32);

    // The comparisons of types are constants to the compiler, which leaves one case of each method.
    private static bool HasOwnHash => typeof(T).IsEnum
        || typeof(T) == typeof(int) || typeof(T) == typeof(uint) || typeof(T) == typeof(long) || typeof(T) == typeof(ulong)
        || typeof(T) == typeof(nint) || typeof(T) == typeof(nuint) || typeof(T) == typeof(Int128) || typeof(T) == typeof(UInt128)
        || typeof(T) == typeof(Guid) || typeof(T) == typeof(TimeSpan) || typeof(T) == typeof(DateOnly) || typeof(T) == typeof(TimeOnly)
        || typeof(T) == typeof(Rune) || typeof(T) == typeof(DateTime) || typeof(T) == typeof(DateTimeOffset)
        || typeof(T) == typeof(double) || typeof(T) == typeof(float) || typeof(T) == typeof(decimal);

    private static int Hash(T value)
    {
        // Equal values must have equal hashes, though their bytes may differ.
        if (typeof(T) == typeof(DateTime))
        {
            return HashBytes(((DateTime)(object)value!).Ticks);
        }

        if (typeof(T) == typeof(DateTimeOffset))
        {
            return HashBytes(((DateTimeOffset)(object)value!).UtcTicks);
        }

        if (typeof(T) == typeof(double) || typeof(T) == typeof(float))
        {
            double number = typeof(T) == typeof(double) ? (double)(object)value! : (float)(object)value!;
            return HashBytes(double.IsNaN(number) ? double.NaN : number == 0 ? 0 : number);
        }

        if (typeof(T) == typeof(decimal))
        {
            // Division takes trailing zeros away; zero keeps its sign.
            decimal number = (decimal)(object)value!;
            return HashBytes(number == 0 ? 0m : number / 1.0000000000000000000000000000m);
        }

        return HashBytes(value);
    }

    // What hashes strings takes characters of any kind; its seed is another in each process.
    private static int HashBytes<TValue>(TValue value)
        => string.GetHashCode(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<TValue, char>(ref value), Unsafe.SizeOf<TValue>() / sizeof(char)));
}
