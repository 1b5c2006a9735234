using System.Globalization;
using IrohRpc.Generators.Emission;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Parsing;

/// <summary>Reads what a type with <c>[MemoryPackable]</c> must record for the projects that refer to its own.</summary>
internal static class WireMembersParser
{
    public static WireMembersModel Parse(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (!MemoryPackType.TryRead(type, out MemoryPackType? packed)
            || packed!.Kind is not (MemoryPackKind.Object or MemoryPackKind.VersionTolerant or MemoryPackKind.CircularReference or MemoryPackKind.Custom))
        {
            return WireMembersModel.None;
        }

        bool isCustom = packed.Kind == MemoryPackKind.Custom && MemoryPackMembers.WritesByItself(type);
        if ((!isCustom && (packed.Kind == MemoryPackKind.Custom || !MemoryPackMembers.DifferOutside(type)))
            || !PartialDeclarations.TypesAround(type).Append(type).All(part => PartialDeclarations.IsPartial(part, cancellationToken) && !part.IsFileLocal))
        {
            return WireMembersModel.None;
        }

        using CodeNames.Scope names = CodeNames.In(((ISourceAssemblySymbol)type.ContainingAssembly).Compilation);
        EquatableArray<string> fields = new([.. packed.Members.Select(member => Declaration(type, member))]);
        return new WireMembersModel(
            HintNames.Of(type, "WireMembers"),
            CodeNames.NamespaceOf(type),
            new EquatableArray<string>([.. PartialDeclarations.Around(type), PartialDeclarations.Of(type)]),
            FreeName(type, cancellationToken),
            isCustom ? RecordedMembers.Custom : RecordedMembers.Ordered,
            fields,
            new EquatableArray<string>([.. names.Used]));
    }

    private static string Declaration(INamedTypeSymbol type, WireMember member)
    {
        (int level, bool isField) = MemoryPackMembers.PlaceOf(type, MemoryPackMembers.FindSeen(type, member.Name)!);
        string description = SymbolDisplay.FormatLiteral(RecordedMembers.Describe(level, isField, member.Formatter), quote: true);
        return $"[global::MemoryPack.MemoryPackOrder({member.Number.ToString(CultureInfo.InvariantCulture)})] "
            + $"[global::System.CodeDom.Compiler.GeneratedCode(\"{RecordedMembers.Tool}\", {description})] "
            + $"private {CodeNames.Of(member.Type)} {CodeNames.Escape(member.Name)};";
    }

    // A type of the user's that is called so would be another within the type from then on.
    private static string FreeName(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        HashSet<string> taken = [.. type.DeclaringSyntaxReferences
            .SelectMany(part => part.GetSyntax(cancellationToken).DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText)];
        string name = "WireMembers";
        while (taken.Contains(name) || MemoryPackMembers.BasesFirst(type).Any(level => level.GetMembers(name).Length > 0))
        {
            name += "_";
        }

        return name;
    }
}
