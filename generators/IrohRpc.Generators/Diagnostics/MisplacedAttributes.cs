using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports attributes of remote methods on methods that are none: those of the class that implements a contract, for one.</summary>
internal static class MisplacedAttributes
{
    private static readonly string[] Names = ["Since", "WireName", "Idempotent", "MessageLimit", "Fault"];

    public static void Analyze(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method is { ContainingType.TypeKind: TypeKind.Interface, IsAbstract: true })
        {
            return;
        }

        foreach (string name in Names)
        {
            foreach (AttributeData attribute in KnownTypes.Attributes(method, name + "Attribute"))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    ContractDiagnostics.AttributeInVain,
                    attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).GetLocation(),
                    name,
                    method.Name,
                    method.ContainingType.TypeKind == TypeKind.Interface
                        ? "it has a body here and no peer runs it"
                        : "it belongs on the method of the contract, which both sides read"));
            }
        }
    }

    /// <summary>Looks at the wire name of a type.</summary>
    public static void AnalyzeType(SymbolAnalysisContext context)
    {
        if (KnownTypes.Attributes(context.Symbol, "WireNameAttribute").FirstOrDefault() is not { } attribute)
        {
            return;
        }

        Location? place = attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).GetLocation();
        if (KnownTypes.IsContract((INamedTypeSymbol)context.Symbol))
        {
            context.ReportDiagnostic(Diagnostic.Create(ContractDiagnostics.AttributeInVain, place, "WireName", context.Symbol.Name, "a contract is named by its ALPN"));
        }
        else if (WireText.Problem(attribute.ConstructorArguments is [{ Value: string name }] ? name : "") is { } problem)
        {
            context.ReportDiagnostic(Diagnostic.Create(ContractDiagnostics.MalformedWireName, place, context.Symbol.Name, problem));
        }
    }
}
