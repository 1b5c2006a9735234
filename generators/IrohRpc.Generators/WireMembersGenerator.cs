using System.Text;
using IrohRpc.Generators.Emission;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Parsing;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators;

/// <summary>
/// Records what the projects that refer to this one could not see of its types with <c>[MemoryPackable]</c>: private members that travel, and the order of
/// fields among properties. Method ids there are made from it.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class WireMembersGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<WireMembersModel> types = context.SyntaxProvider.ForAttributeWithMetadataName(
            "MemoryPack.MemoryPackableAttribute",
            static (node, _) => node is ClassDeclarationSyntax or StructDeclarationSyntax or RecordDeclarationSyntax,
            static (match, cancellationToken) => match.TargetSymbol is INamedTypeSymbol type && IsFirst(match) && MemoryPackMembers.MayDifferOutside(type)
                ? WireMembersParser.Parse(type, cancellationToken)
                : WireMembersModel.None);
        context.RegisterSourceOutput(types.Where(static type => type.IsNeeded), static (output, type)
            => output.AddSource(type.HintName, SourceText.From(WireMembersEmitter.Emit(type), Encoding.UTF8)));
        context.RegisterSourceOutput(types.Collect().Select(static (all, _) => all.IsEmpty), static (output, isEmpty) =>
        {
            if (!isEmpty)
            {
                output.AddSource("IrohRpc.WireMembers.g.cs", SourceText.From(WireMembersEmitter.Mark, Encoding.UTF8));
            }
        });
    }

    // While code is edited a type may bear the attribute twice.
    private static bool IsFirst(GeneratorAttributeSyntaxContext match)
    {
        SyntaxReference? first = match.TargetSymbol.GetAttributes()
            .FirstOrDefault(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, match.Attributes[0].AttributeClass))
            ?.ApplicationSyntaxReference;
        return first is null || (first.SyntaxTree == match.TargetNode.SyntaxTree && match.TargetNode.Span.Contains(first.Span));
    }
}
