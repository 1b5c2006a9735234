using IrohRpc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Gives an overload a name of its own on the wire, made of its parameters.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddWireNameCodeFix))]
public sealed class AddWireNameCodeFix() : ContractCodeFix<MemberDeclarationSyntax>("IROHRPC010", "Name it on the wire")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(MemberDeclarationSyntax node, Diagnostic diagnostic)
    {
        if (node is not MethodDeclarationSyntax method
            || !diagnostic.Properties.TryGetValue(ContractDiagnostics.WireNameProperty, out string? name)
            || method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString().EndsWith("WireName", StringComparison.Ordinal)))
        {
            return null;
        }

        AttributeSyntax attribute = SyntaxFactory.Attribute(
            Declarations.Name("IrohRpc.WireName"),
            SyntaxFactory.AttributeArgumentList([SyntaxFactory.AttributeArgument(
                SyntaxFactory.LiteralExpression(SyntaxKind.StringLiteralExpression, SyntaxFactory.Literal(name!)))]));
        return (method, Declarations.WithAttribute(method, attribute));
    }
}
