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

    /// <summary>An expression without conversions, and where it is a variable that is set once, what that is set to.</summary>
    public static IOperation Origin(IOperation operation, SemanticModel? model)
    {
        IOperation origin = WithoutConversions(operation);
        if (origin is ILocalReferenceOperation { Local.DeclaringSyntaxReferences: [{ } declaration] }
            && declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } value }
            && model?.SyntaxTree == value.SyntaxTree && model.GetOperation(value) is { } initial)
        {
            return WithoutConversions(initial);
        }

        return origin;
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
