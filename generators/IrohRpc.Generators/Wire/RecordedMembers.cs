using System.Globalization;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>
/// What our generator leaves in a compiled project for the projects that refer to it: in a type of which they would see too little, a private struct with
/// one field for each member that MemoryPack writes, in its order. Reference assemblies keep such a struct, and its fields with it.
/// </summary>
internal sealed class RecordedMembers
{
    /// <summary>The tool's name in the attribute that marks the struct; its version says <see cref="Custom"/> where code of the user's writes as well.</summary>
    public const string Tool = "IrohRpc.WireMembers";

    /// <summary>The version for a type that writes by itself.</summary>
    public const string Custom = "custom";

    /// <summary>The version for any other type.</summary>
    public const string Ordered = "1";

    private readonly INamedTypeSymbol _record;

    private RecordedMembers(INamedTypeSymbol record, bool isCustom)
    {
        _record = record;
        IsCustom = isCustom;
    }

    /// <summary>Whether code of the user's writes before or behind the members.</summary>
    public bool IsCustom { get; }

    /// <summary>The record in a type; null where there is none.</summary>
    public static RecordedMembers? Find(INamedTypeSymbol type)
    {
        foreach (INamedTypeSymbol nested in type.GetTypeMembers())
        {
            if (nested is { TypeKind: TypeKind.Struct, DeclaredAccessibility: Accessibility.Private } && nested.GetAttributes().Any(IsMark))
            {
                return new RecordedMembers(nested, nested.GetAttributes().Any(attribute => IsMark(attribute) && attribute.ConstructorArguments[1].Value is Custom));
            }
        }

        return null;
    }

    /// <summary>Whether our generator ran in a project, so that a type without a record shows all of its members.</summary>
    public static bool AreMadeIn(IAssemblySymbol assembly)
        => assembly.GetAttributes().Any(attribute => attribute is
        {
            AttributeClass.Name: "AssemblyMetadataAttribute",
            ConstructorArguments: [{ Value: Tool }, _],
        });

    /// <summary>The members of <paramref name="type"/>, which has this record.</summary>
    public IReadOnlyList<WireMember> Members(INamedTypeSymbol type)
        => [.. _record.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic).Select((field, index) =>
            MemoryPackMembers.FindSeen(type, field.Name) is { } seen
                ? MemoryPackMembers.Describe(seen, index)
                : Unseen(field, index))];

    /// <summary>What the record says of a member that is not seen.</summary>
    /// <param name="level">How many bases up it is declared.</param>
    /// <param name="isField">Whether it is a field.</param>
    /// <param name="formatter">What the signature text says of its formatter; null where it has none.</param>
    public static string Describe(int level, bool isField, string? formatter)
        => string.Join(" ", new[] { level.ToString(CultureInfo.InvariantCulture), isField ? "field" : "property", formatter }.Where(part => part is not null));

    private static WireMember Unseen(IFieldSymbol field, int index)
    {
        string[] parts = (field.GetAttributes().FirstOrDefault(IsMark)?.ConstructorArguments[1].Value as string ?? "").Split([' '], 3);
        return new WireMember(field.Name, field.Type, parts.Length > 2 ? parts[2] : null, MemoryPackMembers.OrderOf(field) ?? index)
        {
            Unseen = parts.Length > 1 && int.TryParse(parts[0], out int level) ? (level, parts[1] == "field") : null,
        };
    }

    private static bool IsMark(AttributeData attribute)
        => attribute is { AttributeClass.Name: "GeneratedCodeAttribute", ConstructorArguments: [{ Value: Tool }, _] };
}
