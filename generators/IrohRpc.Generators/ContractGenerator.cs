using IrohRpc.Generators.Caching;
using IrohRpc.Generators.Emission;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators;

/// <summary>
/// Completes each interface that carries an ALPN into a contract: its descriptor, its proxy and its dispatcher.
/// </summary>
/// <remarks>
/// One model per contract flows through the pipeline by value, so that an edit regenerates the contracts that it changes and no other.
/// Mistakes are <see cref="Diagnostics.ContractAnalyzer"/>'s to report; a contract with one generates nothing.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class ContractGenerator : IIncrementalGenerator
{
    /// <summary>The name of the step whose outputs are the models; tests watch it.</summary>
    internal const string ModelStep = "Contracts";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<ContractModel> contracts = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.AlpnAttribute,
                static (node, _) => node is InterfaceDeclarationSyntax,
                static (match, cancellationToken) => IsFirst(match) ? GetOrParse(match, cancellationToken) : null)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(ModelStep);

        IncrementalValueProvider<EquatableArray<string>> alike = contracts
            .Select(static (contract, _) => contract.FullName)
            .Collect()
            .Select(static (names, _) => HintNames.FindAlike(names));

        context.RegisterSourceOutput(
            contracts.Combine(alike),
            static (output, pair) => output.AddSource(HintNames.Of(pair.Left, pair.Right), ContractEmitter.Emit(pair.Left)));
    }

    /// <summary>The model of the contract that matches, read once for all generators.</summary>
    internal static ContractModel? GetOrParse(GeneratorAttributeSyntaxContext match, CancellationToken cancellationToken)
        => DeclarationCache<ContractModel>.GetOrParse(
            match.SemanticModel.Compilation, match.TargetNode, (INamedTypeSymbol)match.TargetSymbol, Parse, cancellationToken);

    internal static ContractModel? Parse(INamedTypeSymbol contract, CancellationToken cancellationToken)
    {
        ContractModel? model = ContractParser.Parse(contract, static _ => { }, cancellationToken);
        return model is null ? null : model with
        {
            TakenNames = new EquatableArray<string>([.. NamesWithin(contract, cancellationToken)
                .Where(name => GeneratedTypes.Usual.Any(usual => name.StartsWith(usual, StringComparison.Ordinal)))
                .Distinct()]),
        };
    }

    /// <summary>All that the interface's source names, itself and types from elsewhere included, and what it inherits.</summary>
    private static IEnumerable<string> NamesWithin(INamedTypeSymbol contract, CancellationToken cancellationToken)
        => contract.DeclaringSyntaxReferences
            .SelectMany(part => part.GetSyntax(cancellationToken).DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText)
            .Concat(contract.AllInterfaces.SelectMany(type => type.GetMembers()).Select(member => member.Name));

    /// <summary>An interface in several parts with an ALPN on more than one of them matches once for each; the first one counts.</summary>
    internal static bool IsFirst(GeneratorAttributeSyntaxContext match)
        => KnownTypes.Attributes(match.TargetSymbol, "AlpnAttribute").First().ApplicationSyntaxReference is { } first
            && first.SyntaxTree == match.TargetNode.SyntaxTree
            && match.TargetNode.Span.Contains(first.Span);
}
