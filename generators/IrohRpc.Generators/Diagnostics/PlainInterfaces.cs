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
        else if (type.TypeKind == TypeKind.Interface && Annotated(type).Any())
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

    /// <summary>What in an interface has an attribute of contracts, with the attribute's name. Of those on the interface itself, [WireName] is for values as well.</summary>
    private static IEnumerable<(string Name, ISymbol Symbol)> Annotated(INamedTypeSymbol type)
        => type.GetMembers().SelectMany(member => Attributes.Select(name => (Name: name, Symbol: member))).Append((Name: "Fault", Symbol: type))
            .Where(place => KnownTypes.Attributes(place.Symbol, place.Name + "Attribute").Any());

    private static void ReportForgotten(CompilationAnalysisContext context, INamedTypeSymbol type)
    {
        (string name, ISymbol member) = Annotated(type).First();
        context.ReportDiagnostic(Diagnostic.Create(
            UsageDiagnostics.AlpnForgotten,
            type.Locations[0],
            ImmutableDictionary<string, string?>.Empty.Add(UsageDiagnostics.AlpnProperty, NonContracts.FamilyOf(type) + "/1"),
            type.Name, name, member.Name, NonContracts.FamilyOf(type)));
    }
}
