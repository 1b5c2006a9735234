using System.Globalization;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Parsing;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;
using static IrohRpc.Generators.Emission.RuntimeNames;

namespace IrohRpc.Generators.Payloads;

/// <summary>
/// The forms that a contract's types have on the wire, as the runtime checks payloads by them. They say the same of a type as the signature text does, and
/// besides whether null may stand in a place.
/// </summary>
internal sealed class PayloadShapes
{
    private const string Shape = Services + ".PayloadShape";
    private const string Pair = "global::System.Collections.Generic.KeyValuePair";

    /// <summary>Formatters of MemoryPack's own that write what would be written without.</summary>
    private static readonly string[] KnownForms =
    [
        "Utf8StringFormatter", "Utf16StringFormatter", "InternStringFormatter", "OrdinalIgnoreCaseStringDictionaryFormatter", "MemoryPoolFormatter",
        "ReadOnlyMemoryPoolFormatter",
    ];

    private readonly Dictionary<ITypeSymbol, string> _names = new(SymbolEqualityComparer.IncludeNullability);
    private readonly Dictionary<string, string> _fixed = new(StringComparer.Ordinal);
    private readonly List<PayloadShapeModel> _shapes = [];
    private readonly SortedSet<string> _replacements = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _kept = new(StringComparer.Ordinal);
    private readonly UnnamedTypes _unnamed;

    private readonly ITypeSymbol _contract;
    private (IFieldSymbol Field, IFieldSymbol Other)? _overlap;

    public PayloadShapes(ITypeSymbol contract)
    {
        _contract = contract;
        _unnamed = new UnnamedTypes();
        Walks = new DepthWalks(contract, _unnamed);
    }

    /// <summary>The shapes, in the order in which they came up.</summary>
    public IEnumerable<PayloadShapeModel> Shapes => _shapes;

    /// <summary>The structs whose fields the check needs.</summary>
    public IEnumerable<string> KeptStructs => _kept;

    /// <summary>The methods that look at values before they are written.</summary>
    public DepthWalks Walks { get; }

    /// <summary>The statements that register the runtime's own formatters.</summary>
    public IEnumerable<string> Replacements => _replacements;

    /// <summary>A type that came up since this was asked last, and that code beside the contract cannot name though it has to; null where there is none.</summary>
    public ITypeSymbol? TakeUnnamed() => _unnamed.Take();

    /// <summary>Two fields that share bytes where that makes what arrives impossible to check, since this was asked last; null where there are none.</summary>
    public (IFieldSymbol Field, IFieldSymbol Other)? TakeOverlap()
    {
        (IFieldSymbol, IFieldSymbol)? overlap = _overlap;
        _overlap = null;
        return overlap;
    }

    /// <summary>Whether a value of the type must be checked, or cleared before it leaves: all but those of a fixed size that may have any bytes and have no padding.</summary>
    public static bool NeedsShape(ITypeSymbol type) => !FixedTypes.IsFixed(type) || FixedTypes.IsRestricted(type) || FixedLayout.HasGaps(type);

    /// <summary>The call that adds a value which stands in a place of the type.</summary>
    /// <param name="type">The type, with the annotation of the place.</param>
    /// <param name="name">What it is called there; empty for elements.</param>
    private string PartOf(ITypeSymbol type, string name = "")
    {
        string allowsNull = AllowsNull(type) ? "true" : "false";
        return With(ShapeOf(type), allowsNull, name);
    }

    private static string With(string shape, string allowsNull, string name = "")
        => name.Length > 0 ? $".With({shape}, {allowsNull}, \"{name}\")" : $".With({shape}, {allowsNull})";

    private static bool AllowsNull(ITypeSymbol type) => type.IsValueType || type.NullableAnnotation != NullableAnnotation.NotAnnotated;

    /// <summary>The expression for the shape of a type.</summary>
    public string ShapeOf(ITypeSymbol type)
    {
        if (FixedTypes.IsFixed(type))
        {
            return FixedShape(FixedName(type), [type]);
        }

        ITypeSymbol bare = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        if (ReplacedFormatters.AreNeededFor(bare))
        {
            if (Reachable.From(_contract, bare))
            {
                _replacements.Add(ReplacedFormatters.StatementFor(bare, Walks));
            }
            else
            {
                _unnamed.Add(bare);
            }
        }

        if (Scalar(type) is { } scalar)
        {
            return $"{Shape}.{scalar}";
        }

        ITypeSymbol key = type.IsReferenceType ? type.WithNullableAnnotation(NullableAnnotation.NotAnnotated) : type;
        if (_names.TryGetValue(key, out string known))
        {
            return known;
        }

        string name = NextName();
        _names.Add(key, name);
        int place = _shapes.Count;
        _shapes.Add(null!);
        (string creation, string parts) = Describe(key);
        _shapes[place] = new PayloadShapeModel(name, CommentOf(key), creation, parts);
        return name;
    }

    private static string? Scalar(ITypeSymbol type)
    {
        if (!WireTypeNames.TryGetScalar(type, out string? text))
        {
            return null;
        }

        return text switch
        {
            "string" => "Text",
            "stringbuilder" => "Characters",
            "bigint" => "BigInteger",
            "bits" => "BitArray",
            "version" => "Version",
            _ => "LongText",
        };
    }

    private static string CommentOf(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quoted(string name) => $"\"{name}\"";

    private string NextName() => $"Shape{Number(_shapes.Count)}";

    private string FixedShape(string type, IEnumerable<ITypeSymbol> parts)
    {
        if (_fixed.TryGetValue(type, out string known))
        {
            return known;
        }

        List<ITypeSymbol> types = [.. parts];
        string creation = FixedLayout.HaveGaps(types) ? "Padded" : types.Exists(FixedTypes.IsRestricted) ? "Checked" : "Fixed";
        _overlap ??= types.SelectMany(FixedTypes.Structs).OfType<INamedTypeSymbol>().Where(inner => !FrameworkTypes.Has(inner))
            .Select(FixedLayout.FindOverlap).FirstOrDefault(overlap => overlap is not null);
        foreach (ITypeSymbol inner in types.SelectMany(FixedTypes.Structs).Where(inner => Reachable.From(_contract, inner)))
        {
            _kept.Add(CodeNames.Of(inner));
        }

        string name = NextName();
        _fixed.Add(type, name);
        _shapes.Add(new PayloadShapeModel(name, type.Replace("global::", ""), $"{Shape}.{creation}<{type}>()", "") { IsPadded = creation == "Padded" });
        return name;
    }

    /// <summary>A fixed type as code names it: an enum that it cannot name is its number.</summary>
    private string FixedName(ITypeSymbol type)
    {
        if (!Reachable.From(_contract, type))
        {
            if (type is INamedTypeSymbol { EnumUnderlyingType: { } underlying })
            {
                return CodeNames.Of(underlying);
            }

            _unnamed.Add(type);
        }

        return CodeNames.Of(type);
    }

    private string Named(ITypeSymbol type)
    {
        _unnamed.AddIf(!Reachable.From(_contract, type), type);
        return CodeNames.WithoutNullability(type);
    }

    private (string Creation, string Parts) Describe(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol { Rank: 1 } array:
                return ListOf("IEnumerable", PartOf(array.ElementType));
            case IArrayTypeSymbol array:
                return ($"{Shape}.Grid({Number(array.Rank)})", PartOf(array.ElementType));
            case INamedTypeSymbol { IsTupleType: true } tuple:
                return ($"{Shape}.Row()", Components((tuple.TupleUnderlyingType ?? tuple).TypeArguments));
            case INamedTypeSymbol named when WireTypeNames.TryGetGeneric(named, out string? kind):
                return DescribeGeneric(named, kind!);
            case INamedTypeSymbol named when MemoryPackType.TryRead(named, out MemoryPackType? packed):
                return DescribePacked(named, packed!);
            default:
                throw new InvalidOperationException($"{type} has no form on the wire.");
        }
    }

    private (string Creation, string Parts) DescribeGeneric(INamedTypeSymbol type, string kind)
    {
        ITypeSymbol first = type.TypeArguments[0];
        ITypeSymbol last = type.TypeArguments[type.TypeArguments.Length - 1];
        switch (kind)
        {
            case "opt":
                return ($"{Shape}.Optional()", PartOf(first, "Value"));
            case "lazy":
                return ($"{Shape}.Members(\"Lazy\")", PartOf(first, "Value"));
            case "tuple":
                return ($"{Shape}.Row()", Components(type.TypeArguments));
            case "tupleobject":
                return ($"{Shape}.Members(\"Tuple\")", Components(type.TypeArguments));
            case "pair":
                return ($"{Shape}.Row()", PartOf(first, "Key") + PartOf(last, "Value"));
            case "map":
                return ListOf(type.Name, With(PairOf(first, last), "false"));
            case "priorityqueue":
                return ListOf(type.Name, With(RowOf("({0}, {1})", first, last, "Element", "Priority"), "false"));
            case "group":
                return Group(first, last);
            case "lookup":
                return ListOf(type.Name, With(AddShape("group", Group(first, last)), "false"));
            default:
                return ListOf(type.Name, PartOf(first));
        }
    }

    private (string Creation, string Parts) Group(ITypeSymbol key, ITypeSymbol element)
        => ($"{Shape}.Members(\"IGrouping\")",
            PartOf(key, "Key") + With(AddShape("elements", ListOf("IEnumerable", PartOf(element))), "false", "Elements"));

    private string PairOf(ITypeSymbol key, ITypeSymbol value)
        => RowOf(Pair + "<{0}, {1}>", key, value, "Key", "Value");

    /// <summary>Two values side by side: copied as they stand where both are, one after the other otherwise.</summary>
    private string RowOf(string type, ITypeSymbol first, ITypeSymbol second, string firstName, string secondName)
        => FixedTypes.IsFixed(first) && FixedTypes.IsFixed(second)
            ? FixedShape(string.Format(CultureInfo.InvariantCulture, type, FixedName(first), FixedName(second)), [first, second])
            : AddShape(firstName + " and " + secondName.ToLowerInvariant(), ($"{Shape}.Row()", PartOf(first, firstName) + PartOf(second, secondName)));

    private string AddShape(string comment, (string Creation, string Parts) description)
    {
        string name = NextName();
        _shapes.Add(new PayloadShapeModel(name, comment, description.Creation, description.Parts));
        return name;
    }

    private static (string Creation, string Parts) ListOf(string collection, string item)
    {
        CollectionCost cost = CollectionCosts.Of(collection);
        int[] costs = cost.PerProcessor > 0
            ? [cost.Empty, cost.PerProcessor, cost.Any, cost.Item, cost.Copies, cost.Size]
            : [cost.Empty, cost.Any, cost.Item, cost.Copies, cost.Size];
        return ($"{Shape}.{(cost.PerProcessor > 0 ? "Striped" : "List")}({string.Join(", ", costs.Select(Number))})", item);
    }

    /// <summary>A collection of the user's that is one with a lock for each processor costs as much as that.</summary>
    private static string StripedBase(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? candidate = type.BaseType; candidate is not null; candidate = candidate.BaseType)
        {
            if (CollectionCosts.Of(candidate.Name).PerProcessor > 0)
            {
                return candidate.Name;
            }
        }

        return "";
    }

    private string Components(IReadOnlyList<ITypeSymbol> types)
        => string.Concat(types.Select((type, index) => PartOf(type, index == 7 ? "Rest" : $"Item{Number(index + 1)}")));

    private (string Creation, string Parts) DescribePacked(INamedTypeSymbol type, MemoryPackType packed)
    {
        if (packed.Kind is MemoryPackKind.Custom || CustomFormatters.ReadsBesideMembers(type))
        {
            string read = packed.IsPackable ? "ReadPackable" : "ReadValue";
            return (OpaqueOf($"reader.{read}<{Named(type)}>()"), "");
        }

        string isStruct = type.IsValueType ? ", isStruct: true" : "";
        switch (packed.Kind)
        {
            case MemoryPackKind.VersionTolerant:
                return ($"{Shape}.Tolerant({Quoted(type.Name)}{isStruct})", TolerantMembers(type, packed));
            case MemoryPackKind.CircularReference:
                return ($"{Shape}.Circular({Quoted(type.Name)})", TolerantMembers(type, packed));
            case MemoryPackKind.Union:
                return ($"{Shape}.Union({Quoted(type.Name)})", string.Concat(packed.UnionCases.Select(unionCase => $".Case({Number(unionCase.Key)}, {ShapeOf(unionCase.Value)})")));
            case MemoryPackKind.Collection:
                bool isMap = packed.CollectionInterface!.Name == "IDictionary";
                GuardHashes(type, packed.CollectionInterface);
                return ListOf(StripedBase(type), isMap
                    ? With(PairOf(packed.CollectionInterface.TypeArguments[0], packed.CollectionInterface.TypeArguments[1]), "false")
                    : PartOf(packed.CollectionInterface.TypeArguments[0]));
            default:
                return ($"{Shape}.Members({Quoted(type.Name)}{isStruct})", string.Concat(packed.Members.Select(member => MemberOf(type, member))));
        }
    }

    /// <summary>A collection of the user's own makes its table with hashes that everybody knows, except for those of strings.</summary>
    private void GuardHashes(INamedTypeSymbol type, INamedTypeSymbol collection)
    {
        ITypeSymbol key = collection.TypeArguments[0];
        bool isMap = collection.Name == "IDictionary";
        bool isSet = type.AllInterfaces.Any(candidate => candidate.Name == "ISet" && candidate.ContainingNamespace.ToDisplayString() == "System.Collections.Generic");
        if (key.SpecialType == SpecialType.System_String || type.IsValueType || !(isMap || isSet))
        {
            return;
        }

        string arguments = string.Join(", ", collection.TypeArguments.Select(CodeNames.WithoutNullability).Prepend(Named(type)));
        _replacements.Add($"{Services}.PayloadFormatters.Replace(new {Services}.Own{(isMap ? "Map" : "Set")}Formatter<{arguments}>());");
    }

    private string TolerantMembers(INamedTypeSymbol type, MemoryPackType packed)
    {
        int count = packed.Members.Count == 0 ? 0 : packed.Members.Max(member => member.Number) + 1;
        IEnumerable<string> parts = Enumerable.Range(0, count)
            .Select(number => packed.Members.FirstOrDefault(member => member.Number == number) is { } member ? MemberOf(type, member) : ".WithGap()");
        return string.Concat(parts);
    }

    private string MemberOf(INamedTypeSymbol type, WireMember member)
    {
        // The default of a struct has nulls whatever its members say.
        string allowsNull = type.IsValueType || AllowsNull(member.Type) ? "true" : "false";
        return With(member.CustomFormatter ? CustomShape(type, member) : ShapeOf(member.Type), allowsNull, member.Name);
    }

    /// <summary>MemoryPack's own formatters have known forms; all others are the user's.</summary>
    private string CustomShape(INamedTypeSymbol type, WireMember member)
    {
        string known = member.Formatter!;
        if (FormatterNames.IsMemoryPacks(known, "BitPackFormatter"))
        {
            return $"{Shape}.PackedBits";
        }

        if (KnownForms.Any(name => FormatterNames.IsMemoryPacks(known, name)))
        {
            return ShapeOf(member.Type);
        }

        string formatter = CustomFormatters.AttributeOf(type, member.Name) is { } attribute && CustomFormatters.FormatterOf(attribute) is { } given
            ? Named(given) + ", "
            : "";
        return AddShape($"{type.Name}.{member.Name}", ($"{Shape}.OpaqueMember<{Named(type)}, {formatter}{Named(member.Type)}>(\"{member.Name}\")", ""));
    }

    private static string OpaqueOf(string read) => $"{Shape}.Opaque(static (ref {Reader} reader) => _ = {read})";
}
