using System.Text;
using IrohRpc.Generators.Emission;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators;

/// <summary>
/// Completes contracts that <see cref="ContractGenerator"/> leaves out, with a half that throws: one error is enough, and those who use the contract need not
/// hear of it again at each use.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class UnfinishedContractGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<UnfinishedContractModel> contracts = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.AlpnAttribute,
                static (node, _) => node is InterfaceDeclarationSyntax,
                static (match, cancellationToken) => ContractGenerator.IsFirst(match) && ContractGenerator.GetOrParse(match, cancellationToken) is null
                    ? UnfinishedContracts.Read((INamedTypeSymbol)match.TargetSymbol, cancellationToken)
                    : null)
            .Where(static model => model is not null)
            .Select(static (model, _) => model!);
        context.RegisterSourceOutput(contracts, static (output, contract)
            => output.AddSource(contract.HintName, SourceText.From(UnfinishedContractEmitter.Emit(contract), Encoding.UTF8)));
    }
}
