using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

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

        return new WireMembersModel(
            HintNameOf(type),
            CodeNames.NamespaceOf(type),
            new EquatableArray<string>([.. PartialDeclarations.Around(type), PartialDeclarations.Of(type)]),
            FreeName(type),
            isCustom ? RecordedMembers.Custom : RecordedMembers.Ordered,
            new EquatableArray<string>([.. packed.Members.Select(Declaration)]));
    }

    private static string Declaration(WireMember member)
    {
        string attributes = $"[global::MemoryPack.MemoryPackOrder({member.Number.ToString(CultureInfo.InvariantCulture)})] "
            + (member.CustomFormatter ? "[global::MemoryPack.MemoryPackIgnore] " : "");
        return $"{attributes}private {CodeNames.Of(member.Type)} {CodeNames.Escape(member.Name)};";
    }

    private static string FreeName(INamedTypeSymbol type)
    {
        string name = "WireMembers";
        while (type.Name == name || type.TypeParameters.Any(parameter => parameter.Name == name)
            || MemoryPackMembers.BasesFirst(type).Any(level => level.GetMembers(name).Length > 0))
        {
            name += "_";
        }

        return name;
    }

    /// <summary>Two names that differ in case only would be one to the compiler, so a part of a hash tells them apart.</summary>
    private static string HintNameOf(INamedTypeSymbol type)
    {
        string id = type.GetDocumentationCommentId() ?? type.MetadataName;
        using var sha256 = SHA256.Create();
        byte[] hash = sha256.ComputeHash(Encoding.UTF8.GetBytes(id));
        return $"{type.Name}.{string.Concat(hash.Take(4).Select(value => value.ToString("x2", CultureInfo.InvariantCulture)))}.WireMembers.g.cs";
    }
}
