using System.Collections.Concurrent;
using System.Collections.Immutable;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports attributes of contracts on interfaces that are none: a <c>[Since]</c> for an ALPN that nobody has, and a forgotten <c>[Alpn]</c>.</summary>
internal sealed class PlainInterfaces
{
    private static readonly string[] Attributes = ["Since", "WireName", "Idempotent", "MessageLimit", "Fault"];

    private readonly ConcurrentBag<INamedTypeSymbol> _contracts = [];
    private readonly ConcurrentBag<INamedTypeSymbol> _plain = [];

    public void Collect(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (KnownTypes.IsContract(type))
        {
            _contracts.Add(type);
        }
        else if (type.TypeKind == TypeKind.Interface && type.GetMembers().Any(member => Attributes.Any(name => KnownTypes.Attributes(member, name + "Attribute").Any())))
        {
            _plain.Add(type);
        }
    }

    public void Report(CompilationAnalysisContext context)
    {
        foreach (INamedTypeSymbol type in _plain)
        {
            List<INamedTypeSymbol> inheritors = [.. _contracts
                .Where(contract => contract.AllInterfaces.Any(inherited => SymbolEqualityComparer.Default.Equals(inherited.OriginalDefinition, type.OriginalDefinition)))
                .OrderBy(contract => contract.Name, StringComparer.Ordinal)];
            if (inheritors.Count > 0)
            {
                ReportSince(context, type, inheritors);
            }
            else if (PartialDeclarations.IsPartial(type, context.CancellationToken))
            {
                ReportForgotten(context, type);
            }
        }
    }

    private static void ReportSince(CompilationAnalysisContext context, INamedTypeSymbol type, List<INamedTypeSymbol> inheritors)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            foreach (AttributeData attribute in KnownTypes.Attributes(member, "SinceAttribute"))
            {
                if (attribute.ConstructorArguments is [{ Value: string alpn }] && !inheritors.SelectMany(Alpn.Of).Contains(alpn))
                {
                    context.ReportDiagnostic(Diagnostic.Create(
                        UsageDiagnostics.SinceOfNobody,
                        attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).GetLocation(),
                        alpn,
                        member.Name,
                        string.Join(", ", inheritors.Select(contract => $"'{contract.Name}'")),
                        type.Name));
                }
            }
        }
    }

    private static void ReportForgotten(CompilationAnalysisContext context, INamedTypeSymbol type)
    {
        (string name, ISymbol member) = type.GetMembers()
            .SelectMany(member => Attributes.Where(name => KnownTypes.Attributes(member, name + "Attribute").Any()).Select(name => (name, member))).First();
        context.ReportDiagnostic(Diagnostic.Create(
            UsageDiagnostics.AlpnForgotten,
            type.Locations[0],
            ImmutableDictionary<string, string?>.Empty.Add(UsageDiagnostics.AlpnProperty, NonContracts.FamilyOf(type) + "/1"),
            type.Name, name, member.Name, NonContracts.FamilyOf(type)));
    }
}
