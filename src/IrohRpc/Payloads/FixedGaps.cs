using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace IrohRpc.Payloads;

/// <summary>Bytes of a struct that belong to no field.</summary>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct FixedGap(int Offset, int Length)
{
    /// <summary>Clears gaps.</summary>
    /// <param name="gaps">Where they are.</param>
    /// <param name="value">The bytes of the struct.</param>
    public static void Clear(FixedGap[] gaps, Span<byte> value)
    {
        foreach (FixedGap gap in gaps)
        {
            value.Slice(gap.Offset, gap.Length).Clear();
        }
    }
}

/// <summary>Finds the bytes of a struct that belong to no field: nobody writes them, so that they may hold what stood in that memory before.</summary>
internal static class FixedGaps
{
    /// <summary>The gaps in a <typeparamref name="T"/>.</summary>
    [DynamicDependency(FixedRules.Fields, typeof(DateTimeOffset))]
    public static FixedGap[] Of<[DynamicallyAccessedMembers(FixedRules.Fields)] T>()
    {
        var covered = new bool[Unsafe.SizeOf<T>()];
        Cover(typeof(T), covered);
        var gaps = new List<FixedGap>();
        for (int i = 0; i < covered.Length; i++)
        {
            int start = i;
            while (i < covered.Length && !covered[i])
            {
                i++;
            }

            if (i > start)
            {
                gaps.Add(new FixedGap(start, i - start));
            }
        }

        return [.. gaps];
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Generated code keeps the fields of nested structs.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "Generated code keeps the fields of nested structs.")]
    private static void Cover(Type type, Span<bool> covered)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            // The flag comes first, and the value last.
            covered[0] = true;
            Cover(underlying, covered[^FixedRules.SizeOf(underlying)..]);
            return;
        }

        FieldInfo[] fields = type.IsPrimitive || type.IsEnum || type.IsPointer ? [] : type.GetFields(FixedRules.Instance);
        if (fields.Length == 0)
        {
            covered.Fill(true);
            return;
        }

        int repetitions = type.GetCustomAttribute<InlineArrayAttribute>()?.Length ?? 1;
        int length = covered.Length / repetitions;
        foreach (FieldInfo field in fields)
        {
            Type fieldType = field.FieldType;
            int start = repetitions > 1 ? 0 : FixedRules.OffsetOf(type, field);
            if (start < 0)
            {
                // A struct without fields has a byte that is nobody's.
                continue;
            }

            for (int i = 0; i < repetitions; i++)
            {
                Span<bool> place = covered.Slice((i * length) + start, FixedRules.SizeOf(fieldType));
                if (fieldType.IsPrimitive || field.IsDefined(typeof(FixedBufferAttribute)))
                {
                    place.Fill(true);
                }
                else
                {
                    Cover(fieldType, place);
                }
            }
        }
    }
}
