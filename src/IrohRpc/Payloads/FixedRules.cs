using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace IrohRpc.Payloads;

/// <summary>
/// Finds where a struct has fields that not every byte is right for. How .NET lays a struct out is its own affair and may change, so each field is set
/// and looked for, once for each type.
/// </summary>
internal static class FixedRules
{
    public const DynamicallyAccessedMemberTypes Fields
        = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields;

    public const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Dictionary<Type, (FixedKind Kind, object Sample)> Known = new()
    {
        [typeof(bool)] = (FixedKind.Boolean, true),
        [typeof(decimal)] = (FixedKind.Decimal, new decimal(-1, -1, -1, isNegative: true, 28)),
        [typeof(DateTime)] = (FixedKind.DateTime, DateTime.MaxValue),
        [typeof(DateTimeOffset)] = (FixedKind.DateTimeOffset, new DateTimeOffset(2000, 2, 3, 4, 5, 6, TimeSpan.FromHours(7))),
        [typeof(DateOnly)] = (FixedKind.DateOnly, DateOnly.MaxValue),
        [typeof(TimeOnly)] = (FixedKind.TimeOnly, TimeOnly.MaxValue),
        [typeof(Rune)] = (FixedKind.Rune, new Rune(0x10FFFF)),
    };

    private static readonly HashSet<Type> Open =
    [
        typeof(Guid), typeof(TimeSpan), typeof(Half), typeof(Int128), typeof(UInt128), typeof(Index), typeof(Range),
    ];

    /// <summary>The rules for the bytes of a <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">The fields of a struct were trimmed away.</exception>
    public static FixedRule[] Of<[DynamicallyAccessedMembers(Fields)] T>()
    {
        if (Known.TryGetValue(typeof(T), out (FixedKind Kind, object Sample) known))
        {
            return [new FixedRule(known.Kind, 0, "")];
        }

        var rules = new List<FixedRule>();
        Find(typeof(T), 0, "", rules);
        return [.. rules];
    }

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Generated code keeps the fields of nested structs; missing ones are noticed.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "Generated code keeps the fields of nested structs; missing ones are noticed.")]
    private static void Find(Type type, int start, string name, List<FixedRule> rules)
    {
        if (Known.TryGetValue(type, out (FixedKind Kind, object Sample) known))
        {
            rules.Add(new FixedRule(known.Kind, start, name));
            return;
        }

        if (type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsFunctionPointer || IsOpen(type))
        {
            return;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            // The flag comes first, and the value last.
            rules.Add(new FixedRule(FixedKind.Boolean, start, Join(name, "HasValue")));
            Find(underlying, start + SizeOf(type) - SizeOf(underlying), name, rules);
            return;
        }

        FieldInfo[] fields = type.GetFields(Instance);
        int size = SizeOf(type);
        if (fields.Length == 0 && size > 1)
        {
            throw new NotSupportedException($"The fields of {type} were trimmed away, so that what arrives cannot be checked.");
        }

        // Fields that overlap mean one thing or the other; only the user's code knows which.
        List<(FieldInfo Field, int Start, int End)> places = type.IsExplicitLayout && fields.Sum(field => SizeOf(field.FieldType)) > size
            ? [.. fields.Select(field => (field, OffsetOf(type, field), OffsetOf(type, field) + SizeOf(field.FieldType)))]
            : [];
        foreach (FieldInfo field in fields.Where(field => !Overlaps(field, places)))
        {
            string path = Join(name, NameOf(field));
            Type fieldType = field.FieldType;
            if (type.GetCustomAttribute<InlineArrayAttribute>() is { } array)
            {
                for (int i = 0; i < array.Length; i++)
                {
                    Find(fieldType, start + (i * (size / array.Length)), $"{path}[{i}]", rules);
                }
            }
            else if (field.GetCustomAttribute<FixedBufferAttribute>() is { } buffer)
            {
                if (buffer.ElementType == typeof(bool))
                {
                    int first = start + OffsetOf(type, field);
                    rules.AddRange(Enumerable.Range(0, buffer.Length).Select(i => new FixedRule(FixedKind.Boolean, first + i, $"{path}[{i}]")));
                }
            }
            else if (MayHaveRules(fieldType))
            {
                Find(fieldType, start + OffsetOf(type, field), path, rules);
            }
        }
    }

    private static bool Overlaps(FieldInfo field, List<(FieldInfo Field, int Start, int End)> places)
    {
        (_, int start, int end) = places.Find(place => place.Field == field);
        return places.Exists(other => other.Start < end && start < other.End && !(other.Start == start && other.Field.FieldType == field.FieldType));
    }

    // Structs of the framework that have no such fields; theirs are not kept by trimming.
    private static bool IsOpen(Type type) => type.Namespace is "System.Numerics" or "System.Runtime.Intrinsics" || Open.Contains(type);

    private static bool MayHaveRules(Type type) => Known.ContainsKey(type) || !(type.IsPrimitive || type.IsEnum || type.IsPointer || IsOpen(type));

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string NameOf(FieldInfo field)
    {
        int end = field.Name.IndexOf(">k__BackingField", StringComparison.Ordinal);
        return end > 1 ? field.Name[1..end] : field.Name;
    }

    public static int SizeOf(Type type) => RuntimeHelpers.SizeOf(type.TypeHandle);

    // Where the bytes of a value change with the field.
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "A struct can be made without a constructor.")]
    [UnconditionalSuppressMessage("Trimming", "IL2072", Justification = "A struct can be made without a constructor.")]
    public static int OffsetOf(Type type, FieldInfo field)
    {
        object value = RuntimeHelpers.GetUninitializedObject(type);
        object part = FilledWithOnes(field.FieldType);
        field.SetValue(value, part);
        ReadOnlySpan<byte> filled = BytesOf(part, SizeOf(part.GetType()));
        int first = filled.IndexOfAnyExcept((byte)0);
        int inField = part.GetType() == field.FieldType ? first : 0;
        int changed = BytesOf(value, SizeOf(type)).IndexOfAnyExcept((byte)0);
        return changed - inField;
    }

    // Nullables are boxed as what they hold; setting one sets its flag, which comes first.
    [UnconditionalSuppressMessage("Trimming", "IL2067", Justification = "A struct can be made without a constructor.")]
    private static object FilledWithOnes(Type type)
    {
        if (Known.TryGetValue(type, out (FixedKind Kind, object Sample) known))
        {
            return known.Sample;
        }

        Type held = Nullable.GetUnderlyingType(type) ?? type;
        object value = RuntimeHelpers.GetUninitializedObject(held);
        BytesOf(value, SizeOf(held)).Fill(0xFF);
        return value;
    }

    private static Span<byte> BytesOf(object boxed, int size)
        => MemoryMarshal.CreateSpan(ref Unsafe.As<Box>(boxed).FirstByte, size);

    private sealed class Box
    {
        public byte FirstByte;
    }
}
