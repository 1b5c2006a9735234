using IrohRpc.Generators.Emission;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Parsing;

/// <summary>Contracts that are not generated because something is wrong with them.</summary>
internal static class UnfinishedContracts
{
    /// <summary>The tool's name in the attribute that marks what stands in for a contract's half.</summary>
    public const string Tool = "IrohRpc.Unfinished";

    /// <summary>What stands in for the half that is missing; null where the interface cannot have one at all.</summary>
    public static UnfinishedContractModel? Read(INamedTypeSymbol contract, CancellationToken cancellationToken)
        => PartialDeclarations.TypesAround(contract).Append(contract).All(type
                => type is { TypeParameters.IsEmpty: true, IsFileLocal: false } && PartialDeclarations.IsPartial(type, cancellationToken))
            && !contract.AllInterfaces.Add(contract).SelectMany(level => level.GetMembers()).Any(IsBarrier)
            && contract.DeclaringSyntaxReferences[0].SyntaxTree.Options is not CSharpParseOptions { LanguageVersion: < LanguageVersion.CSharp11 }
                ? new UnfinishedContractModel(
                    HintNames.Of(contract, "Unfinished"),
                    CodeNames.NamespaceOf(contract),
                    new EquatableArray<string>([.. PartialDeclarations.Around(contract)]),
                    CodeNames.EscapeType(contract.Name),
                    CodeNames.Of(contract))
                : null;

    // C# takes no interface with such a member as a type argument, which what stands in would make of it.
    private static bool IsBarrier(ISymbol member) => member is { IsStatic: true, IsAbstract: true };

    /// <summary>Whether something stands in for the half of <paramref name="contract"/>.</summary>
    public static bool Has(INamedTypeSymbol contract)
        => contract.GetMembers().Any(member => member.GetAttributes().Any(attribute => attribute is
        {
            AttributeClass.Name: "GeneratedCodeAttribute",
            ConstructorArguments: [{ Value: Tool }, _],
        }));
}
