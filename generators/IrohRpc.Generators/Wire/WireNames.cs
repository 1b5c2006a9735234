using System.Globalization;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>The names of types on the wire.</summary>
internal static class WireNames
{
    /// <summary>What has a meaning of its own in signature texts and in the shipped file.</summary>
    private const string Special = "<>(){}[],:=#\\~^!'*@";

    /// <summary>What <c>[WireName]</c> calls a type, or its simple name: it may move between namespaces, and between projects.</summary>
    public static string Of(INamedTypeSymbol type) => Given(type) ?? type.Name;

    /// <summary>What <c>[WireName]</c> calls a type; null where there is none.</summary>
    public static string? Given(INamedTypeSymbol type)
    {
        foreach (AttributeData attribute in type.OriginalDefinition.GetAttributes())
        {
            if (attribute is
                {
                    AttributeClass: { Name: "WireNameAttribute", ContainingNamespace: { Name: "IrohRpc", ContainingNamespace.IsGlobalNamespace: true } },
                    ConstructorArguments: [{ Value: string { Length: > 0 } name }],
                })
            {
                return Escape(name);
            }
        }

        return null;
    }

    /// <summary>The name of a protocol between the brackets of a contract, which may hold anything else.</summary>
    public static string EscapeBrackets(string name) => Escape(name, static c => c is '<' or '>' or '(' or ')' or ',');

    /// <summary>A name without what has a meaning of its own.</summary>
    public static string Escape(string name)
        => Escape(name, static c => char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || Special.IndexOf(c) >= 0);

    private static string Escape(string name, Func<char, bool> mustBeEscaped)
        => name.Any(mustBeEscaped)
            ? string.Concat(name.Select(c => mustBeEscaped(c) ? "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture) : c.ToString()))
            : name;
}
