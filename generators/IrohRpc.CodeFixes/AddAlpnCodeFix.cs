using IrohRpc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Makes a contract of an interface with the attributes of one.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddAlpnCodeFix))]
public sealed class AddAlpnCodeFix() : ContractCodeFix<InterfaceDeclarationSyntax>("IROHRPC046", "Give it an ALPN")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(InterfaceDeclarationSyntax node, Diagnostic diagnostic)
        => diagnostic.Properties.TryGetValue(UsageDiagnostics.AlpnProperty, out string? alpn)
            ? (node, Declarations.WithAttribute(node, ContractAttributes.Create("IrohRpc.Alpn", alpn!)))
            : null;
}
