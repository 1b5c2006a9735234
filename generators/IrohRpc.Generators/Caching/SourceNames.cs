using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Caching;

/// <summary>The names in one file, read once: files do not change, an edit makes another. Stands for the file without keeping it alive.</summary>
internal sealed class SourceNames
{
    private const string AttributeSuffix = "Attribute";

    private static readonly ConditionalWeakTable<SyntaxTree, SourceNames> Known = new();

    private string[]? _mentioned;

    private SourceNames(CompilationUnitSyntax root, CancellationToken cancellationToken)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        var namespaces = new HashSet<string>(StringComparer.Ordinal);
        IsForAll = root.Usings.Any(directive => directive.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword));
        foreach (SyntaxNode node in root.DescendantNodes(static node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax))
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (node)
            {
                case BaseNamespaceDeclarationSyntax declaration:
                    string name = FullNameOf(declaration);
                    namespaces.Add(name);
                    IsForAll |= IsCompilers(name);
                    break;
                case BaseTypeDeclarationSyntax declaration:
                    AddType(types, declaration.Identifier.ValueText);
                    break;
                case DelegateDeclarationSyntax declaration:
                    AddType(types, declaration.Identifier.ValueText);
                    break;
            }
        }

        DeclaredTypes = [.. types];
        Namespaces = [.. namespaces];
    }

    /// <summary>Whether the file means something to all others: it has global usings, or declares what the compiler looks up by itself.</summary>
    public bool IsForAll { get; }

    /// <summary>The simple names by which its types can be meant.</summary>
    public IReadOnlyList<string> DeclaredTypes { get; }

    /// <summary>The full names of the namespaces that it declares.</summary>
    public IReadOnlyList<string> Namespaces { get; }

    public static SourceNames Of(SyntaxTree tree, CancellationToken cancellationToken)
    {
        if (!Known.TryGetValue(tree, out SourceNames? names))
        {
            var read = new SourceNames((CompilationUnitSyntax)tree.GetRoot(cancellationToken), cancellationToken);
            names = Known.GetValue(tree, _ => read);
        }

        return names;
    }

    /// <summary>All identifiers in the file that this was read from.</summary>
    public IReadOnlyList<string> MentionedIn(SyntaxTree tree, CancellationToken cancellationToken)
        => _mentioned ??= [.. tree.GetRoot(cancellationToken).DescendantTokens()
            .Where(static token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(static token => token.ValueText)
            .Distinct(StringComparer.Ordinal)];

    /// <summary>An attribute's name is written with its suffix or without.</summary>
    private static void AddType(HashSet<string> types, string name)
    {
        types.Add(name);
        if (name.EndsWith(AttributeSuffix, StringComparison.Ordinal))
        {
            types.Add(name.Substring(0, name.Length - AttributeSuffix.Length));
        }
    }

    private static string FullNameOf(BaseNamespaceDeclarationSyntax declaration)
    {
        string name = string.Join(".", declaration.Name.DescendantTokens()
            .Where(static token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(static token => token.ValueText));
        return declaration.Parent is BaseNamespaceDeclarationSyntax outer ? $"{FullNameOf(outer)}.{name}" : name;
    }

    private static bool IsCompilers(string name)
        => name is "System" or "Microsoft"
            || name.StartsWith("System.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.", StringComparison.Ordinal);
}
