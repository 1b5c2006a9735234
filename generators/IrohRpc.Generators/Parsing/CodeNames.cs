using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Parsing;

/// <summary>Symbols as generated code writes them: from the global namespace on, or from that of an alias; keywords escaped, nullable annotations kept.</summary>
internal static class CodeNames
{
    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    // What is read at a time is read by one thread; names are asked for in so many places that each would have to hand this on.
    [ThreadStatic]
    private static Scope? _scope;

    /// <summary>Names are written for code in <paramref name="compilation"/>, until the scope that is returned ends.</summary>
    public static Scope In(Compilation compilation) => new(ExternAliases.Of(compilation));

    public static string Of(ITypeSymbol type)
        => _scope is { Aliases.IsEmpty: false } scope ? WithAliases(type.ToDisplayParts(Format), scope) : type.ToDisplayString(Format);

    public static string WithoutNullability(ITypeSymbol type) => Of(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));

    /// <summary>The namespace that a type is declared in, keywords escaped; empty for the global one.</summary>
    public static string NamespaceOf(INamedTypeSymbol type)
        => type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();

    /// <summary>The name of a member or a parameter.</summary>
    public static string Escape(string identifier)
        => SyntaxFacts.GetKeywordKind(identifier) != SyntaxKind.None ? "@" + identifier : identifier;

    /// <summary>The name of a type where it is declared, which contextual keywords such as <c>record</c> cannot be either.</summary>
    public static string EscapeType(string identifier)
        => SyntaxFacts.GetContextualKeywordKind(identifier) != SyntaxKind.None ? "@" + identifier : Escape(identifier);

    private static string WithAliases(ImmutableArray<SymbolDisplayPart> parts, Scope scope)
    {
        var text = new StringBuilder();
        for (int i = 0; i < parts.Length; i++)
        {
            string? alias = parts[i] is { Kind: SymbolDisplayPartKind.Keyword } part && part.ToString() == "global"
                && parts.Skip(i).Select(next => next.Symbol).OfType<INamedTypeSymbol>().FirstOrDefault() is { } type
                ? scope.Aliases.Find(type)
                : null;
            if (alias is not null)
            {
                scope.Used.Add(alias);
            }

            text.Append(alias ?? parts[i].ToString());
        }

        return text.ToString();
    }

    /// <summary>How names are written for as long as one declaration is read.</summary>
    internal sealed class Scope : IDisposable
    {
        private readonly Scope? _outer;

        public Scope(ExternAliases aliases)
        {
            Aliases = aliases;
            _outer = _scope;
            _scope = this;
        }

        public ExternAliases Aliases { get; }

        /// <summary>The aliases that the names so far need.</summary>
        public SortedSet<string> Used { get; } = new(StringComparer.Ordinal);

        public void Dispose() => _scope = _outer;
    }
}
