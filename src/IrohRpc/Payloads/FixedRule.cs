using System.Runtime.CompilerServices;
using System.Text;

namespace IrohRpc.Payloads;

/// <summary>The types of .NET whose values are copied as they stand and do not fill their bytes.</summary>
internal enum FixedKind
{
    Boolean,
    Decimal,
    DateTime,
    DateTimeOffset,
    DateOnly,
    TimeOnly,
    Rune,
}

/// <summary>One place in a struct that not every byte is right for.</summary>
/// <param name="Kind">The type that stands there.</param>
/// <param name="Offset">Where it stands.</param>
/// <param name="Name">The field's name within the struct, for messages.</param>
internal readonly record struct FixedRule(FixedKind Kind, int Offset, string Name)
{
    /// <summary>Whether the bytes of a struct, which begin at <paramref name="start"/>, hold a value of the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Allows(ref readonly byte start)
    {
        ref byte at = ref Unsafe.Add(ref Unsafe.AsRef(in start), Offset);
        return Kind switch
        {
            FixedKind.Boolean => at <= 1,
            FixedKind.DateTime => (Unsafe.ReadUnaligned<long>(ref at) & 0x3FFF_FFFF_FFFF_FFFF) <= System.DateTime.MaxValue.Ticks,
            _ => AllowsNumbers(ref at),
        };
    }

    /// <summary>Whether bytes follow all of some rules.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="start">Where the bytes begin.</param>
    public static bool AllAllow(FixedRule[] rules, ref readonly byte start)
    {
        foreach (ref readonly FixedRule rule in rules.AsSpan())
        {
            if (!rule.Allows(in start))
            {
                return false;
            }
        }

        return true;
    }

    private bool AllowsNumbers(ref byte at)
    {
        switch (Kind)
        {
            case FixedKind.Decimal:
                // .NET keeps sign and scale first, then the 96 bits, which may be any.
                int flags = Unsafe.ReadUnaligned<int>(ref at);
                return (flags & 0x7F00FFFF) == 0 && ((flags >> 16) & 0xFF) <= 28;
            case FixedKind.DateTimeOffset:
                return IsValid(Unsafe.ReadUnaligned<DateTimeOffset>(ref at));
            case FixedKind.DateOnly:
                return (uint)Unsafe.ReadUnaligned<int>(ref at) <= System.DateOnly.MaxValue.DayNumber;
            case FixedKind.TimeOnly:
                return (ulong)Unsafe.ReadUnaligned<long>(ref at) <= (ulong)System.TimeOnly.MaxValue.Ticks;
            default:
                return System.Text.Rune.IsValid(Unsafe.ReadUnaligned<uint>(ref at));
        }
    }

    private static bool IsValid(DateTimeOffset value)
    {
        const int widest = 14 * 60;
        int minutes = value.TotalOffsetMinutes;
        long utc = value.UtcTicks;
        return minutes is >= -widest and <= widest
            && (ulong)utc <= (ulong)System.DateTime.MaxValue.Ticks
            && (ulong)(utc + (minutes * TimeSpan.TicksPerMinute)) <= (ulong)System.DateTime.MaxValue.Ticks;
    }
}
