using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Takes <c>long</c> for <c>nint</c>, and <c>ulong</c> for <c>nuint</c>, where a signature names them itself.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TakeFixedSizeCodeFix))]
public sealed class TakeFixedSizeCodeFix() : ContractCodeFix<TypeSyntax>("IROHRPC027", "Take 64 bits on every machine")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(TypeSyntax node, Diagnostic diagnostic)
    {
        List<IdentifierNameSyntax> sized = [.. node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Where(name => KindOf(name) != SyntaxKind.None)];
        return sized.Count == 0 ? null : (node, node.ReplaceNodes(sized, static (name, _)
            => SyntaxFactory.PredefinedType(SyntaxFactory.Token(KindOf(name))).WithTriviaFrom(name)));
    }

    private static SyntaxKind KindOf(IdentifierNameSyntax name) => name.Identifier.ValueText switch
    {
        "nint" or "IntPtr" when name.Parent is not QualifiedNameSyntax => SyntaxKind.LongKeyword,
        "nuint" or "UIntPtr" when name.Parent is not QualifiedNameSyntax => SyntaxKind.ULongKeyword,
        _ => SyntaxKind.None,
    };
}
