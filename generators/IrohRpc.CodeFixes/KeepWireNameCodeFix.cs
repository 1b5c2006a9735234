using IrohRpc.Generators.Shipped;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Lets a method that was renamed keep the name on the wire under which it shipped.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(KeepWireNameCodeFix))]
public sealed class KeepWireNameCodeFix() : ContractCodeFix<MemberDeclarationSyntax>("IROHRPC033", "Keep its name on the wire")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(MemberDeclarationSyntax node, Diagnostic diagnostic)
    {
        if (node is not MethodDeclarationSyntax method || !diagnostic.Properties.TryGetValue(ShippedDiagnostics.WireNameProperty, out string? name))
        {
            return null;
        }

        return ContractAttributes.Of(method, "WireName").FirstOrDefault() is { } other
            ? (other, ContractAttributes.WithText(other, name!))
            : (method, Declarations.WithAttribute(method, ContractAttributes.Create("IrohRpc.WireName", name!)));
    }
}
