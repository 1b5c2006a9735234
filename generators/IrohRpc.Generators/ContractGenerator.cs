using IrohRpc.Generators.Emission;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
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
                static (match, cancellationToken) => IsFirst(match)
                    ? ContractParser.Parse((INamedTypeSymbol)match.TargetSymbol, static _ => { }, cancellationToken)
                    : null)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!)
            .WithTrackingName(ModelStep);

        context.RegisterSourceOutput(
            contracts,
            static (output, contract) => output.AddSource(ContractEmitter.HintName(contract), ContractEmitter.Emit(contract)));
    }

    /// <summary>An interface in several parts with an ALPN on more than one of them matches once for each; the first one counts.</summary>
    private static bool IsFirst(GeneratorAttributeSyntaxContext match)
        => KnownTypes.Attributes(match.TargetSymbol, "AlpnAttribute").First().ApplicationSyntaxReference is { } first
            && first.SyntaxTree == match.TargetNode.SyntaxTree
            && match.TargetNode.Span.Contains(first.Span);
}
