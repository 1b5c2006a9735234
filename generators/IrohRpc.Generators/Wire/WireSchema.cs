using System.Globalization;
using System.Text;
using IrohRpc.Generators.Internal;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>
/// Describes what MemoryPack writes for a type, in the text of docs/protocol.md: two types with one text have one form on the wire.
/// </summary>
/// <remarks>
/// The rules are MemoryPack's own: its generator's for annotated types, its formatters' for the rest. A type that it would refuse at run
/// time is found here at compile time, through members and type arguments.
/// </remarks>
internal sealed class WireSchema(CancellationToken cancellationToken)
{
    /// <summary>A type such as <c>Node&lt;T&gt;</c> with a member of <c>Node&lt;Node&lt;T&gt;&gt;</c> has no end; no real signature is as large as this.</summary>
    private const int MaxDepth = 100;

    private const int MaxSteps = 20_000;

    private readonly StringBuilder _text = new();
    private readonly HashSet<ITypeSymbol> _described = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ITypeSymbol> _checked = new(SymbolEqualityComparer.Default);
    private readonly Namesakes _names = new();
    private readonly Stack<string> _path = new();
    private int _depth;
    private int _steps;
    private int _silent;
    private ITypeSymbol? _outermost;

    /// <summary>The first thing on the way that MemoryPack cannot serialize, or null.</summary>
    public UnserializableType? Problem { get; private set; }

    /// <summary>Whether a type on the way is obsolete as an error.</summary>
    public bool NamesObsoleteErrors { get; private set; }

    /// <summary>What was described so far.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>Adds text that stands between types.</summary>
    public void Append(string text)
    {
        if (_silent == 0)
        {
            _text.Append(text);
        }
    }

    /// <summary>Adds the description of <paramref name="type"/>.</summary>
    public void Append(ITypeSymbol type)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_depth == 0)
        {
            _outermost = type;
        }

        if (++_steps > MaxSteps || _depth > MaxDepth)
        {
            Problem ??= new UnserializableType(_outermost!, "", UnserializableReason.Endless);
        }

        if (Problem is null)
        {
            _depth++;
            Describe(type);
            _depth--;
        }
    }

    /// <summary>The names and values of an enum's members, in order of value, then of name.</summary>
    public static IEnumerable<KeyValuePair<string, string>> MembersOf(INamedTypeSymbol enumeration)
        => enumeration.GetMembers().OfType<IFieldSymbol>()
            .Where(field => field.HasConstantValue)
            .OrderBy(field => Convert.ToDecimal(field.ConstantValue, CultureInfo.InvariantCulture))
            .ThenBy(field => field.Name, StringComparer.Ordinal)
            .Select(field => new KeyValuePair<string, string>(field.Name, Convert.ToString(field.ConstantValue, CultureInfo.InvariantCulture)));

    private void Describe(ITypeSymbol type)
    {
        NamesObsoleteErrors |= type is INamedTypeSymbol && ObsoleteErrors.Names(type);
        switch (type)
        {
            case { IsRefLikeType: true }:
                Refuse(type);
                return;
            case IErrorTypeSymbol:
            case INamedTypeSymbol { IsGenericType: true } generic when Constraints.AreBroken(generic):
                Refuse(type, UnserializableReason.ReportedElsewhere);
                return;
            case not null when FrameworkTypes.IsMachineSized(type):
                Refuse(type, UnserializableReason.MachineSized);
                return;
            case not null when WireTypeNames.TryGetScalar(type, out string? scalar):
                Append(scalar!);
                return;
            case IArrayTypeSymbol { Rank: 1 } array:
                AppendGeneric("list", array.ElementType);
                return;
            case IArrayTypeSymbol { Rank: <= 4 } array:
                AppendGeneric("array" + array.Rank.ToString(CultureInfo.InvariantCulture), array.ElementType);
                return;
            case INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration:
                AppendEnum(enumeration);
                return;
            case INamedTypeSymbol { IsTupleType: true } tuple:
                AppendGeneric("tuple", [.. tuple.TupleElements.Select(element => element.Type)]);
                return;
            case INamedTypeSymbol named when WireTypeNames.TryGetGeneric(named, out string? name):
                AppendGeneric(name!, [.. named.TypeArguments]);
                return;
            case INamedTypeSymbol named when MemoryPackType.TryRead(named, out MemoryPackType? packed):
                AppendPacked(named, packed!);
                return;
            case INamedTypeSymbol { IsUnmanagedType: true, IsValueType: true } structure:
                AppendStruct(structure);
                return;
            default:
                Refuse(type!);
                return;
        }
    }

    private void AppendGeneric(string name, params ITypeSymbol[] arguments)
    {
        Append(name);
        Append("<");
        for (int i = 0; i < arguments.Length; i++)
        {
            Append(i == 0 ? "" : ",");
            Append(arguments[i]);
        }

        Append(">");
    }

    private void AppendEnum(INamedTypeSymbol enumeration)
    {
        if (FrameworkTypes.Has(enumeration))
        {
            // The next version of the framework may have more members.
            Append(FrameworkTypes.NameOf(enumeration) + "()");
            return;
        }

        Append(NameOf(enumeration));
        if (!IsNew(enumeration))
        {
            return;
        }

        WireTypeNames.TryGetScalar(enumeration.EnumUnderlyingType!, out string? underlying);
        IEnumerable<string> members = MembersOf(enumeration).Select(member => $"{member.Key}={member.Value}");
        Append($":{underlying}{{{string.Join(",", members)}}}");
    }

    private void AppendPacked(INamedTypeSymbol type, MemoryPackType packed)
    {
        if (MemoryPackRefusal.Of(type, packed) is { } refusal)
        {
            Refuse(type, refusal);
            return;
        }

        if (packed.HasUnseenMembers)
        {
            Refuse(type, UnserializableReason.MembersUnseen);
            return;
        }

        switch (packed.Kind)
        {
            case MemoryPackKind.VersionTolerant or MemoryPackKind.CircularReference:
                AppendName(type);
                Append(packed.Kind == MemoryPackKind.VersionTolerant ? "~" : "^");
                CheckSilently(type, packed.Members);
                return;
            case MemoryPackKind.Union:
                AppendUnion(type, packed);
                return;
            case MemoryPackKind.Collection:
                AppendGeneric(packed.CollectionInterface!.Name == "IDictionary" ? "map" : "list", [.. packed.CollectionInterface.TypeArguments]);
                return;
            case MemoryPackKind.Custom:
                AppendName(type);
                Append("!");
                return;
            case MemoryPackKind.Unmanaged:
                AppendStruct(type);
                return;
            default:
                AppendName(type);
                if (IsNew(type))
                {
                    Append("{");
                    AppendMembers(type, packed.Members);
                    Append("}");
                }

                return;
        }
    }

    /// <summary>A struct that is copied as it stands in memory: all of its fields count, and how they are laid out.</summary>
    private void AppendStruct(INamedTypeSymbol type)
    {
        if (FrameworkTypes.IsProcessBound(type))
        {
            Refuse(type, UnserializableReason.ProcessBound);
            return;
        }

        if (FrameworkTypes.Has(type))
        {
            // The fields that a reference assembly of the framework shows are not the real ones.
            AppendNamed(FrameworkTypes.NameOf(type), [.. FrameworkTypes.ArgumentsOf(type)]);
            Append("()");
            return;
        }

        if (StructLayout.HasStandIns(type))
        {
            Refuse(type, UnserializableReason.MembersUnseen);
            return;
        }

        AppendName(type);
        if (!IsNew(type))
        {
            return;
        }

        Append(StructLayout.Separate(type));
        Append(StructLayout.Describe(type));
        Append("(");
        AppendMembers(type, StructLayout.FieldsOf(type));
        Append(")");
    }

    private void AppendMembers(INamedTypeSymbol type, IReadOnlyList<WireMember> members)
    {
        for (int i = 0; i < members.Count; i++)
        {
            WireMember member = members[i];
            Append(i == 0 ? "" : ",");
            Append(member.Name);
            Append(":");
            if (member.Formatter is { } formatter)
            {
                Append(formatter);
                continue;
            }

            _path.Push($"{type.Name}.{member.Name}");
            Append(member.Type);
            _path.Pop();
        }
    }

    private void AppendUnion(INamedTypeSymbol type, MemoryPackType packed)
    {
        AppendName(type);
        if (!IsNew(type))
        {
            return;
        }

        Append("[");
        string separator = "";
        foreach (KeyValuePair<int, ITypeSymbol> unionCase in packed.UnionCases)
        {
            Append($"{separator}{unionCase.Key.ToString(CultureInfo.InvariantCulture)}:");
            if (unionCase.Value is { TypeKind: TypeKind.Interface } or { IsAbstract: true })
            {
                // MemoryPack asks an object for its exact class.
                _path.Push($"{type.Name}[{unionCase.Key.ToString(CultureInfo.InvariantCulture)}]");
                Refuse(unionCase.Value, UnserializableReason.UnionCaseWithoutObjects);
                _path.Pop();
                return;
            }

            Append(unionCase.Value);
            separator = ",";
        }

        Append("]");
    }

    /// <summary>Members that may come and go are not part of the text; they must still be serializable.</summary>
    private void CheckSilently(INamedTypeSymbol type, IReadOnlyList<WireMember> members)
    {
        _silent++;
        if (_checked.Add(type))
        {
            AppendMembers(type, members);
        }

        _silent--;
    }

    /// <summary>Whether this is the first time that the type comes up, so that its members are to be described.</summary>
    private bool IsNew(ITypeSymbol type) => _silent > 0 ? _checked.Add(type) : _described.Add(type);

    private void AppendName(INamedTypeSymbol type) => AppendNamed(NameOf(type), [.. type.TypeArguments]);

    private void AppendNamed(string name, ITypeSymbol[] arguments)
    {
        if (arguments.Length == 0)
        {
            Append(name);
        }
        else
        {
            AppendGeneric(name, arguments);
        }
    }

    private string NameOf(INamedTypeSymbol type) => _silent > 0 ? "" : _names.NameOf(type);

    private void Refuse(ITypeSymbol type, UnserializableReason reason = UnserializableReason.NoForm)
        => Problem ??= new UnserializableType(type, string.Join(" → ", _path.Reverse()), reason);
}
