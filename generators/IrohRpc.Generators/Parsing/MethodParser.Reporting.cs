using IrohRpc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Parsing;

// Where in the source a finding stands.
internal sealed partial class MethodParser
{
    private void Fail(DiagnosticDescriptor descriptor, ISymbol culprit, params object[] arguments)
    {
        _failed = true;
        report(descriptor, Location(culprit), NoProperties, arguments);
    }

    private void Fail(DiagnosticDescriptor descriptor, AttributeData culprit, params object[] arguments)
    {
        _failed = true;
        report(descriptor, LocationOf(culprit), NoProperties, arguments);
    }

    private void Fail(DiagnosticDescriptor descriptor, Location? culprit, params object[] arguments)
    {
        _failed = true;
        report(descriptor, culprit, NoProperties, arguments);
    }

    private Location? LocationOf(AttributeData attribute)
        => OwnSource.SyntaxOf(contract, attribute, cancellationToken)?.GetLocation() ?? Location(method);

    private Location? ReturnLocation()
        => OwnSource.SyntaxOf<MethodDeclarationSyntax>(contract, method, cancellationToken)?.ReturnType.GetLocation() ?? Location(method);

    private Location? TypeLocation(IParameterSymbol parameter)
        => OwnSource.SyntaxOf<ParameterSyntax>(contract, parameter, cancellationToken)?.Type?.GetLocation() ?? Location(parameter);

    /// <summary>A member inherited from another project has no place in this source; the contract that inherits it has.</summary>
    private Location? Location(ISymbol symbol) => OwnSource.LocationOf(contract, symbol) ?? contract.Locations.FirstOrDefault();
}
