using IrohRpc.Generators.Model;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>The names that the signature text has for types which MemoryPack knows by itself.</summary>
internal static class WireTypeNames
{
    private static readonly Dictionary<string, string> Scalars = new(StringComparer.Ordinal)
    {
        ["System.Guid"] = "guid",
        ["System.DateTimeOffset"] = "datetimeoffset",
        ["System.DateOnly"] = "dateonly",
        ["System.TimeOnly"] = "timeonly",
        ["System.TimeSpan"] = "timespan",
        ["System.Half"] = "f16",
        ["System.Int128"] = "i128",
        ["System.UInt128"] = "u128",
        ["System.Text.Rune"] = "rune",
        ["System.Numerics.Complex"] = "complex",
        ["System.Numerics.Plane"] = "plane",
        ["System.Numerics.Quaternion"] = "quaternion",
        ["System.Numerics.Matrix3x2"] = "matrix3x2",
        ["System.Numerics.Matrix4x4"] = "matrix4x4",
        ["System.Numerics.Vector2"] = "vector2",
        ["System.Numerics.Vector3"] = "vector3",
        ["System.Numerics.Vector4"] = "vector4",
        ["System.Numerics.BigInteger"] = "bigint",
        ["System.Uri"] = "uri",
        ["System.Version"] = "version",
        ["System.TimeZoneInfo"] = "timezone",
        ["System.Collections.BitArray"] = "bits",
        ["System.Text.StringBuilder"] = "stringbuilder",
        ["System.Globalization.CultureInfo"] = "culture",
        ["IrohRpc.EndpointTicket"] = "endpointticket",
        ["IrohRpc.EndpointAddress"] = "endpointaddress",
    };

    private static readonly Dictionary<string, string> Generics = ByDefinition(
        ("System", "list", "Memory ReadOnlyMemory ArraySegment"),
        ("System", "opt", "Nullable"),
        ("System", "lazy", "Lazy"),
        ("System", "tuple", "ValueTuple"),
        ("System", "tupleobject", "Tuple"),
        ("System.Buffers", "list", "ReadOnlySequence"),
        ("System.Collections.Generic", "list", "List LinkedList Queue Stack HashSet SortedSet"),
        ("System.Collections.Generic", "list", "IEnumerable ICollection IList IReadOnlyCollection IReadOnlyList ISet IReadOnlySet"),
        ("System.Collections.Generic", "map", "Dictionary SortedDictionary SortedList IDictionary IReadOnlyDictionary"),
        ("System.Collections.Generic", "pair", "KeyValuePair"),
        ("System.Collections.Generic", "priorityqueue", "PriorityQueue"),
        ("System.Collections.ObjectModel", "list", "Collection ObservableCollection ReadOnlyCollection ReadOnlyObservableCollection"),
        ("System.Collections.Concurrent", "list", "BlockingCollection ConcurrentBag ConcurrentQueue ConcurrentStack"),
        ("System.Collections.Concurrent", "map", "ConcurrentDictionary"),
        ("System.Collections.Immutable", "list", "ImmutableArray ImmutableList ImmutableQueue ImmutableStack ImmutableHashSet ImmutableSortedSet"),
        ("System.Collections.Immutable", "list", "IImmutableList IImmutableQueue IImmutableStack IImmutableSet"),
        ("System.Collections.Immutable", "map", "ImmutableDictionary ImmutableSortedDictionary IImmutableDictionary"),
        ("System.Collections.Frozen", "list", "FrozenSet"),
        ("System.Collections.Frozen", "map", "FrozenDictionary"),
        ("System.Linq", "group", "IGrouping"),
        ("System.Linq", "lookup", "ILookup"));

    private static readonly HashSet<string> KnownNames = new(
        "bool i8 u8 i16 u16 i32 u32 i64 u64 nint nuint f32 f64 decimal char string datetime array2 array3 array4 custom void oneway bytes bytesback stream progress contract"
            .Split(' ').Concat(Scalars.Values).Concat(Generics.Values),
        StringComparer.Ordinal);

    private static readonly SymbolDisplayFormat FullName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters);

    /// <summary>Whether C# lets <paramref name="type"/> stand where the constraint is <c>unmanaged</c>.</summary>
    private static bool IsUnmanaged(ITypeSymbol type)
        => type is { IsValueType: true, IsUnmanagedType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T };

    /// <summary>The quickest way to write and read <paramref name="type"/>.</summary>
    public static ValueCodec CodecOf(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_String } => ValueCodec.String,
        _ when IsUnmanaged(type) => ValueCodec.Unmanaged,
        IArrayTypeSymbol { Rank: 1 } array when IsUnmanaged(array.ElementType) => ValueCodec.UnmanagedArray,
        INamedTypeSymbol { TypeKind: not TypeKind.Interface, IsAbstract: false } named
            when MemoryPackType.TryRead(named, out MemoryPackType? packed) && packed!.IsPackable
            => ValueCodec.Packable,
        _ => ValueCodec.Formatter,
    };

    /// <summary>The name of a type that has neither members nor type arguments on the wire.</summary>
    public static bool TryGetScalar(ITypeSymbol type, out string? name)
    {
        name = type.SpecialType switch
        {
            SpecialType.System_Boolean => "bool",
            SpecialType.System_SByte => "i8",
            SpecialType.System_Byte => "u8",
            SpecialType.System_Int16 => "i16",
            SpecialType.System_UInt16 => "u16",
            SpecialType.System_Int32 => "i32",
            SpecialType.System_UInt32 => "u32",
            SpecialType.System_Int64 => "i64",
            SpecialType.System_UInt64 => "u64",
            SpecialType.System_IntPtr => "nint",
            SpecialType.System_UIntPtr => "nuint",
            SpecialType.System_Single => "f32",
            SpecialType.System_Double => "f64",
            SpecialType.System_Decimal => "decimal",
            SpecialType.System_Char => "char",
            SpecialType.System_String => "string",
            SpecialType.System_DateTime => "datetime",
            _ => null,
        };
        return name is not null
            || (type is INamedTypeSymbol { IsGenericType: false } named && Scalars.TryGetValue(named.ToDisplayString(FullName), out name) && IsWhatItSeems(named));
    }

    /// <summary>Whether a name means something in signature texts by itself, so that it is not a user's type.</summary>
    public static bool IsKnown(string name)
        => KnownNames.Contains(name) || name.EndsWith("()", StringComparison.Ordinal);

    /// <summary>The name of a generic type that is described by its type arguments alone.</summary>
    public static bool TryGetGeneric(INamedTypeSymbol type, out string? name)
    {
        name = null;
        return type is { IsGenericType: true, ContainingType: null }
            && Generics.TryGetValue($"{type.ContainingNamespace.ToDisplayString()}.{type.Name}", out name)
            && IsWhatItSeems(type);
    }

    // Somebody may have a System.Half of his own, which is written as any struct is.
    private static bool IsWhatItSeems(INamedTypeSymbol type) => type.ContainingNamespace.Name == "IrohRpc" || FrameworkTypes.Has(type);

    /// <summary>The first part of the name of MemoryPack's formatter for such a type: <c>List</c>, <c>InterfaceReadOnlyList</c>.</summary>
    public static bool TryGetFormatter(INamedTypeSymbol type, out string? formatter)
    {
        formatter = type.TypeKind == TypeKind.Interface ? "Interface" + type.Name.Substring(1) : type.Name;
        return TryGetGeneric(type, out _);
    }

    private static Dictionary<string, string> ByDefinition(params (string Namespace, string Text, string Types)[] rows)
        => rows.SelectMany(row => row.Types.Split(' ').Select(type => (Definition: $"{row.Namespace}.{type}", row.Text)))
            .ToDictionary(row => row.Definition, row => row.Text, StringComparer.Ordinal);
}
