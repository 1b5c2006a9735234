using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Emission;

/// <summary>The names of the generated files. The compiler takes two that differ only in case for one.</summary>
internal static class HintNames
{
    /// <summary>A name that no other declaration has, also where the names of both differ in case only: a part of a hash tells them apart.</summary>
    public static string Of(INamedTypeSymbol type, string suffix)
    {
        using var sha256 = SHA256.Create();
        byte[] hash = sha256.ComputeHash(Encoding.UTF8.GetBytes(type.GetDocumentationCommentId() ?? type.MetadataName));
        return $"{type.Name}.{string.Concat(hash.Take(4).Select(value => value.ToString("x2", CultureInfo.InvariantCulture)))}.{suffix}.g.cs";
    }

    /// <summary>The contracts, by their full names in ordinal order, whose files would be called as another's. Mostly none.</summary>
    public static EquatableArray<string> FindAlike(IEnumerable<string> fullNames)
        => new([.. fullNames.GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .Where(alike => alike.Skip(1).Any())
            .SelectMany(alike => alike.OrderBy(name => name, StringComparer.Ordinal))]);

    /// <summary>The name of a contract's file: the contract's own, with a number behind it for all but the first of those alike.</summary>
    public static string Of(ContractModel contract, EquatableArray<string> alike)
    {
        int before = alike.TakeWhile(name => name != contract.FullName)
            .Count(name => string.Equals(name, contract.FullName, StringComparison.OrdinalIgnoreCase));
        string number = before > 0 && alike.Contains(contract.FullName) ? $".{before + 1}" : "";
        return contract.FullName.Replace("global::", "").Replace("@", "") + number + ".g.cs";
    }
}
