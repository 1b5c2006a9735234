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
internal sealed class PayloadShapes(ITypeSymbol contract)
{
    private const string Shape = Services + ".PayloadShape";
    private const string Pair = "global::System.Collections.Generic.KeyValuePair";

    private readonly Dictionary<ITypeSymbol, string> _names = new(SymbolEqualityComparer.IncludeNullability);
    private readonly Dictionary<string, string> _fixed = new(StringComparer.Ordinal);
    private readonly List<PayloadShapeModel> _shapes = [];
    private readonly SortedSet<string> _replacements = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _kept = new(StringComparer.Ordinal);

    /// <summary>The shapes, in the order in which they came up.</summary>
    public IEnumerable<PayloadShapeModel> Shapes => _shapes;

    /// <summary>The structs whose fields the check needs.</summary>
    public IEnumerable<string> KeptStructs => _kept;

    /// <summary>The methods that look how deep values are nested.</summary>
    public DepthWalks Walks { get; } = new(contract);

    /// <summary>The statements that register the runtime's own formatters.</summary>
    public IEnumerable<string> Replacements => _replacements;

    /// <summary>Whether a value of the type must be checked: all but those of a fixed size that may have any bytes.</summary>
    public static bool NeedsCheck(ITypeSymbol type) => !FixedTypes.IsFixed(type) || FixedTypes.IsRestricted(type);

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
            return FixedShape(CodeNames.Of(type), [type]);
        }

        if (ReplacedFormatters.StatementFor(contract, type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)) is { } statement)
        {
            _replacements.Add(statement);
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
        bool isRestricted = types.Exists(FixedTypes.IsRestricted);
        foreach (ITypeSymbol inner in types.SelectMany(FixedTypes.Structs).Where(inner => Reachable.From(contract, inner)))
        {
            _kept.Add(CodeNames.Of(inner));
        }

        string name = NextName();
        _fixed.Add(type, name);
        _shapes.Add(new PayloadShapeModel(name, type.Replace("global::", ""), $"{Shape}.{(isRestricted ? "Checked" : "Fixed")}<{type}>()", ""));
        return name;
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
                return ListOf(type.Name, With(RowOf($"({CodeNames.Of(first)}, {CodeNames.Of(last)})", first, last, "Element", "Priority"), "false"));
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
        => RowOf($"{Pair}<{CodeNames.Of(key)}, {CodeNames.Of(value)}>", key, value, "Key", "Value");

    /// <summary>Two values side by side: copied as they stand where both are, one after the other otherwise.</summary>
    private string RowOf(string type, ITypeSymbol first, ITypeSymbol second, string firstName, string secondName)
        => FixedTypes.IsFixed(first) && FixedTypes.IsFixed(second)
            ? FixedShape(type, [first, second])
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
        string arguments = string.Join(", ", new[] { cost.Empty, cost.Any, cost.Item, cost.Copies, cost.Size }.Select(Number));
        return ($"{Shape}.List({arguments})", item);
    }

    private string Components(IReadOnlyList<ITypeSymbol> types)
        => string.Concat(types.Select((type, index) => PartOf(type, index == 7 ? "Rest" : $"Item{Number(index + 1)}")));

    private (string Creation, string Parts) DescribePacked(INamedTypeSymbol type, MemoryPackType packed)
    {
        if (packed.Kind is MemoryPackKind.Custom || CustomFormatters.ReadsBesideMembers(type))
        {
            string read = packed.IsPackable ? "ReadPackable" : "ReadValue";
            return (OpaqueOf($"reader.{read}<{CodeNames.WithoutNullability(type)}>()"), "");
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
                return ListOf("", isMap
                    ? With(PairOf(packed.CollectionInterface.TypeArguments[0], packed.CollectionInterface.TypeArguments[1]), "false")
                    : PartOf(packed.CollectionInterface.TypeArguments[0]));
            default:
                return ($"{Shape}.Members({Quoted(type.Name)}{isStruct})", string.Concat(packed.Members.Select(member => MemberOf(type, member))));
        }
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
        INamedTypeSymbol? attribute = CustomFormatters.AttributeOf(type, member.Name);
        switch (attribute is { } own && CustomFormatters.IsMemoryPack(own) ? own.Name : "")
        {
            case "Utf8StringFormatterAttribute" or "Utf16StringFormatterAttribute" or "InternStringFormatterAttribute"
                or "OrdinalIgnoreCaseStringDictionaryFormatter" or "MemoryPoolFormatterAttribute" or "ReadOnlyMemoryPoolFormatterAttribute":
                return ShapeOf(member.Type);
            case "BitPackFormatterAttribute":
                return $"{Shape}.PackedBits";
        }

        string owner = CodeNames.WithoutNullability(type);
        string value = CodeNames.WithoutNullability(member.Type);
        string formatter = attribute is not null && CustomFormatters.FormatterOf(attribute) is { } named ? CodeNames.WithoutNullability(named) + ", " : "";
        return AddShape($"{type.Name}.{member.Name}", ($"{Shape}.OpaqueMember<{owner}, {formatter}{value}>(\"{member.Name}\")", ""));
    }

    private static string OpaqueOf(string read) => $"{Shape}.Opaque(static (ref {Reader} reader) => _ = {read})";
}
