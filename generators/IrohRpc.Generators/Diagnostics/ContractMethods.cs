using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Tells which calls go to peers, and which methods answer them.</summary>
internal static class ContractMethods
{
    /// <summary>Whether a call goes through a contract: its method is a contract's, or an inherited one that is called on a contract.</summary>
    public static bool IsCall(IInvocationOperation invocation)
        => invocation.TargetMethod is { IsAbstract: true, ContainingType.TypeKind: TypeKind.Interface }
            && (KnownTypes.IsContract(invocation.TargetMethod.ContainingType)
                || (invocation.Instance?.Type is { } type && KnownTypes.IsContract(type)));

    /// <summary>The method of a contract that <paramref name="method"/> implements; null where it implements none.</summary>
    public static IMethodSymbol? ImplementedBy(IMethodSymbol method)
        => OfContractsOf(method.ContainingType).FirstOrDefault(
            member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));

    /// <summary>The methods of all contracts that a class implements.</summary>
    public static IEnumerable<IMethodSymbol> OfContractsOf(INamedTypeSymbol? type)
        => type is not { TypeKind: TypeKind.Class or TypeKind.Struct } ? []
            : type.AllInterfaces.Where(KnownTypes.IsContract)
                .SelectMany(contract => contract.AllInterfaces.Append(contract))
                .SelectMany(level => level.GetMembers().OfType<IMethodSymbol>())
                .Where(member => member.IsAbstract && !member.IsStatic);

    /// <summary>An expression without conversions, and where it is a variable, a field or a property that is set once, what that is set to.</summary>
    public static IOperation Origin(IOperation operation, SemanticModel? model)
    {
        IOperation origin = WithoutConversions(operation);
        return model is not null && InitialValue(origin) is { } value && model.SyntaxTree == value.SyntaxTree && model.GetOperation(value) is { } initial
            ? WithoutConversions(initial)
            : origin;
    }

    private static ExpressionSyntax? InitialValue(IOperation origin) => origin switch
    {
        ILocalReferenceOperation { Local.DeclaringSyntaxReferences: [{ } declaration] } => ValueOf(declaration.GetSyntax()),
        IFieldReferenceOperation { Field: { IsReadOnly: true, DeclaringSyntaxReferences: [{ } declaration] } } => ValueOf(declaration.GetSyntax()),
        IPropertyReferenceOperation { Property: { IsReadOnly: true, DeclaringSyntaxReferences: [{ } declaration] } }
            => (declaration.GetSyntax() as PropertyDeclarationSyntax)?.Initializer?.Value,
        _ => null,
    };

    /// <summary>What a variable is declared with, or set to afterwards where that happens in one place.</summary>
    private static ExpressionSyntax? ValueOf(SyntaxNode declaration)
    {
        if (declaration is not VariableDeclaratorSyntax { Identifier.ValueText: { } name } variable)
        {
            return null;
        }

        return variable.Initializer?.Value
            ?? (variable.FirstAncestorOrSelf<BlockSyntax>()?.DescendantNodes().OfType<AssignmentExpressionSyntax>()
                .Where(assignment => assignment.Left is IdentifierNameSyntax { Identifier.ValueText: { } set } && set == name).ToList() is [{ } only] ? only.Right : null);
    }

    private static IOperation WithoutConversions(IOperation operation)
    {
        while (operation is IConversionOperation { Operand: { } operand })
        {
            operation = operand;
        }

        return operation;
    }
}
