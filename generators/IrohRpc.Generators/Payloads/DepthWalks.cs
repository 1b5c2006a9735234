using System.Globalization;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Parsing;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>
/// The methods that look at values before they are written. MemoryPack's writer calls itself for each level of a list or an array, and of version-tolerant
/// objects, without counting: a cycle or a long chain would end the process, as would a block of values whose bytes it cannot count. Types that can hold neither need
/// no such look.
/// </summary>
internal sealed class DepthWalks(ITypeSymbol contract, UnnamedTypes unnamed)
{
    private readonly RecursiveTypes _recursive = new();
    private readonly Dictionary<ITypeSymbol, string> _names = new(SymbolEqualityComparer.Default);
    private readonly List<DepthWalkModel> _walks = [];
    private readonly MemberAccess _access = new(contract, unnamed);
    private int _locals;

    /// <summary>The methods.</summary>
    public IEnumerable<DepthWalkModel> Walks => _walks;

    /// <summary>The declarations by which the methods read members that C# does not let them.</summary>
    public IEnumerable<string> Accessors => _access.Declarations;

    /// <summary>The call that looks at a value, with <c>{0}</c> in its place; null where its type needs none.</summary>
    public string? CallFor(ITypeSymbol type)
        => NameFor(type) is not { } name ? null : _recursive.CanReachOne(type) ? name + "({0}, new())" : name + "({0})";

    /// <summary>The method that counts how deep a value is nested, with the parameters of that name; null where its type cannot be nested without end.</summary>
    public string? DepthMethodFor(ITypeSymbol type) => _recursive.CanReachOne(type) ? NameFor(type) : null;

    private string? NameFor(ITypeSymbol type)
    {
        bool countsDepth = _recursive.CanReachOne(type);
        if (!countsDepth && !_recursive.CanReachBlock(type))
        {
            return null;
        }

        if (!Reachable.From(contract, type))
        {
            // Blocks of such a size are nobody's, and the depth is everybody's.
            unnamed.AddIf(countsDepth, type);
            return null;
        }

        if (_names.TryGetValue(type, out string known))
        {
            return known;
        }

        string name = $"{(countsDepth ? "CheckDepth" : "CheckSize")}{_names.Count.ToString(CultureInfo.InvariantCulture)}";
        _names.Add(type, name);
        int place = _walks.Count;
        _walks.Add(null!);
        var lines = new List<string>();
        if (RecursiveTypes.PackedOf(type) is { } packed)
        {
            AddObject(lines, (INamedTypeSymbol)type, packed);
        }
        else
        {
            AddVisit(lines, "value", type);
        }

        string nullable = type.IsReferenceType ? "?" : "";
        _walks[place] = new DepthWalkModel(name, CodeNames.WithoutNullability(type) + nullable, countsDepth, new EquatableArray<string>([.. lines]));
        return name;
    }

    private void AddCall(List<string> lines, ITypeSymbol type, string expression)
    {
        if (NameFor(type) is { } name)
        {
            lines.Add(_recursive.CanReachOne(type) ? $"{name}({expression}, depth);" : $"{name}({expression});");
        }
    }

    private bool NeedsLook(ITypeSymbol type) => _recursive.CanReachOne(type) || _recursive.CanReachBlock(type);

    private void AddObject(List<string> lines, INamedTypeSymbol type, MemoryPackType packed)
    {
        if (type.IsReferenceType)
        {
            lines.Add("if (value is null)");
            lines.Add("{");
            lines.Add("    return;");
            lines.Add("}");
            lines.Add("");
        }

        if (packed.Kind == MemoryPackKind.Union)
        {
            AddCases(lines, packed);
            return;
        }

        bool countsDepth = _recursive.CanReachOne(type);
        if (countsDepth && packed.Kind == MemoryPackKind.CircularReference)
        {
            lines.Add("if (!depth.EnterOnce(value))");
            lines.Add("{");
            lines.Add("    return;");
            lines.Add("}");
            lines.Add("");
        }
        else if (countsDepth)
        {
            lines.Add("depth.Enter();");
        }

        if (packed.Kind == MemoryPackKind.Collection)
        {
            AddItems(lines, "value", packed.CollectionInterface!.Name == "IDictionary" ? "map" : "list", packed.CollectionInterface!);
        }

        foreach (WireMember member in packed.Members.Where(member => !member.CustomFormatter && NeedsLook(member.Type)))
        {
            if (_access.To(type, member, _recursive.CanReachOne(member.Type)) is { } expression)
            {
                AddVisit(lines, expression, member.Type);
            }
        }

        if (countsDepth)
        {
            lines.Add("depth.Leave();");
        }
    }

    private void AddCases(List<string> lines, MemoryPackType packed)
    {
        lines.Add("switch (value)");
        lines.Add("{");
        foreach (ITypeSymbol unionCase in packed.UnionCases.Select(unionCase => unionCase.Value))
        {
            var call = new List<string>();
            string local = Local();
            AddCall(call, unionCase, local);
            if (call.Count > 0)
            {
                lines.Add($"    case {CodeNames.WithoutNullability(unionCase)} {local}:");
                lines.Add($"        {call[0]}");
                lines.Add("        break;");
            }
        }

        lines.Add("}");
    }

    private void AddVisit(List<string> lines, string expression, ITypeSymbol type)
    {
        if (!NeedsLook(type))
        {
            return;
        }

        switch (type)
        {
            case not null when Blocks.IsOne(type):
                if (Reachable.From(contract, type))
                {
                    lines.Add(Blocks.Check(type, expression));
                }

                break;
            case INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable:
                AddBlock(lines, $"if ({expression} is {{ }} {Take(out string value)})", inner => AddVisit(inner, value, nullable.TypeArguments[0]));
                break;
            case not null when RecursiveTypes.PackedOf(type) is not null:
                AddCall(lines, type, expression);
                break;
            case IArrayTypeSymbol array:
                AddBlock(lines, $"if ({expression} is {{ }} {Take(out string elements)})", inner => AddForEach(inner, elements, array.ElementType, isOpen: false));
                break;
            case INamedTypeSymbol { IsTupleType: true } tuple:
                AddComponents(lines, expression, [.. tuple.TupleElements.Select(element => element.Type)]);
                break;
            case INamedTypeSymbol named when WireTypeNames.TryGetGeneric(named, out string? kind):
                AddItems(lines, expression, kind!, named);
                break;
        }
    }

    private void AddItems(List<string> lines, string expression, string kind, INamedTypeSymbol type)
    {
        ITypeSymbol first = type.TypeArguments[0];
        ITypeSymbol last = type.TypeArguments[type.TypeArguments.Length - 1];
        switch (kind)
        {
            case "pair":
                AddVisit(lines, expression + ".Key", first);
                AddVisit(lines, expression + ".Value", last);
                return;
            case "lazy":
                AddBlock(lines, $"if ({expression} is {{ }} {Take(out string lazy)})", inner => AddVisit(inner, lazy + ".Value", first));
                return;
            case "tupleobject":
                AddBlock(lines, $"if ({expression} is {{ }} {Take(out string components)})", inner => AddComponents(inner, components, [.. type.TypeArguments]));
                return;
        }

        string? span = type.Name switch
        {
            "Memory" or "ReadOnlyMemory" => expression + ".Span",
            "ImmutableArray" => expression + ".AsSpan()",
            "ArraySegment" => $"global::System.MemoryExtensions.AsSpan({expression})",
            "ReadOnlySequence" => $"global::System.Buffers.BuffersExtensions.ToArray({expression})",
            _ => null,
        };
        if (span is not null)
        {
            AddForEach(lines, span, first, isOpen: false);
            return;
        }

        bool isOpen = IsOpen(type);

        // What is enumerated for the first time when it is written may give other items the second time.
        string pattern = type is { Name: "IEnumerable", TypeKind: TypeKind.Interface }
            ? $"global::System.Collections.Generic.ICollection<{CodeNames.Of(first)}>"
            : "{ }";
        AddBlock(lines, $"if ({expression} is {pattern} {Take(out string items)})", inner =>
        {
            switch (kind)
            {
                case "map":
                    AddLoop(inner, items, isOpen, (each, pair) => AddItems(each, pair, "pair", type));
                    break;
                case "priorityqueue":
                    AddBlock(inner, $"foreach (var {Take(out string entry)} in {items}.UnorderedItems)", each =>
                    {
                        AddVisit(each, entry + ".Element", first);
                        AddVisit(each, entry + ".Priority", last);
                    });
                    break;
                case "group":
                    AddVisit(inner, items + ".Key", first);
                    AddForEach(inner, items, last, isOpen);
                    break;
                case "lookup":
                    AddLoop(inner, items, isOpen, (each, group) =>
                    {
                        AddVisit(each, group + ".Key", first);
                        AddForEach(each, group, last, isOpen);
                    });
                    break;
                default:
                    AddForEach(inner, items, first, isOpen);
                    break;
            }
        });
    }

    private void AddComponents(List<string> lines, string expression, IReadOnlyList<ITypeSymbol> types)
    {
        for (int i = 0; i < types.Count; i++)
        {
            string name = i == 7 && types.Count == 8 && expression.Length > 0 && types[7] is INamedTypeSymbol { Name: "Tuple" } ? "Rest" : $"Item{(i + 1).ToString(CultureInfo.InvariantCulture)}";
            AddVisit(lines, $"{expression}.{name}", types[i]);
        }
    }

    private void AddForEach(List<string> lines, string items, ITypeSymbol element, bool isOpen)
    {
        if (NeedsLook(element))
        {
            AddLoop(lines, items, isOpen, (inner, item) => AddVisit(inner, item, element));
        }
    }

    private void AddLoop(List<string> lines, string items, bool isOpen, Action<List<string>, string> body)
    {
        string count = isOpen ? Local() : "";
        string item = Local();
        var inner = new List<string>();
        body(inner, item);
        if (inner.Count == 0)
        {
            return;
        }

        if (isOpen)
        {
            lines.Add($"int {count} = 0;");
            inner.Insert(0, $"{Emission.RuntimeNames.Services}.PayloadDepth.Count(ref {count});");
        }

        AddBlock(lines, $"foreach (var {item} in {items})", block => block.AddRange(inner));
    }

    /// <summary>Whether code of the user's may stand behind a collection: behind an interface, around another collection, or in a class of his own.</summary>
    private static bool IsOpen(INamedTypeSymbol type)
        => type.TypeKind == TypeKind.Interface || type.Name is "Collection" or "ObservableCollection" or "ReadOnlyCollection" or "ReadOnlyObservableCollection";

    private static void AddBlock(List<string> lines, string header, Action<List<string>> body)
    {
        var inner = new List<string>();
        body(inner);
        if (inner.Count == 0)
        {
            return;
        }

        lines.Add(header);
        lines.Add("{");
        lines.AddRange(inner.Select(line => line.Length == 0 ? line : "    " + line));
        lines.Add("}");
    }

    private string Take(out string local) => local = Local();

    private string Local() => "part" + (_locals++).ToString(CultureInfo.InvariantCulture);
}
