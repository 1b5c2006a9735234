using System.Collections.Immutable;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Says what to do about a type argument that is no contract; the compiler speaks of a constraint that nobody has heard of.</summary>
internal static class NonContracts
{
    public static void Analyze(SyntaxNodeAnalysisContext context)
    {
        var invocation = (InvocationExpressionSyntax)context.Node;
        SimpleNameSyntax? name = invocation.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name,
            MemberBindingExpressionSyntax binding => binding.Name,
            SimpleNameSyntax simple => simple,
            _ => null,
        };
        if (name is null || Methods(context, invocation).FirstOrDefault(method => IndexOfContract(method) >= 0) is not { } method)
        {
            return;
        }

        if (name is GenericNameSyntax { TypeArgumentList.Arguments: var arguments })
        {
            int index = IndexOfContract(method);
            if (index < arguments.Count && context.SemanticModel.GetTypeInfo(arguments[index], context.CancellationToken).Type is { } type)
            {
                Report(context, type, name, arguments[index].GetLocation());
            }
        }
        else if (invocation.ArgumentList.Arguments.Select(argument => context.SemanticModel.GetTypeInfo(argument.Expression, context.CancellationToken).Type)
            .FirstOrDefault(type => type is { TypeKind: TypeKind.Class or TypeKind.Struct } && type.AllInterfaces.Any(KnownTypes.IsContract)) is { } inferred)
        {
            Report(context, inferred, name, name.GetLocation());
        }
        else if (context.SemanticModel.GetSymbolInfo(invocation, context.CancellationToken).Symbol is null && invocation.ArgumentList.Arguments
            .Select(argument => context.SemanticModel.GetTypeInfo(argument.Expression, context.CancellationToken).Type)
            .FirstOrDefault(type => type is { TypeKind: TypeKind.Class or TypeKind.Struct } && OwnInterface(type) is not null) is { } service)
        {
            Report(context, OwnInterface(service)!, name, name.GetLocation());
        }
    }

    /// <summary>The interface of this project that a class implements, which its author may have meant for a contract.</summary>
    private static ITypeSymbol? OwnInterface(ITypeSymbol type)
        => type.AllInterfaces.FirstOrDefault(candidate => candidate is { IsGenericType: false, DeclaringSyntaxReferences.IsEmpty: false });

    private static IEnumerable<IMethodSymbol> Methods(SyntaxNodeAnalysisContext context, InvocationExpressionSyntax invocation)
    {
        SymbolInfo info = context.SemanticModel.GetSymbolInfo(invocation, context.CancellationToken);
        return new[] { info.Symbol }.Concat(info.CandidateSymbols)
            .Concat(context.SemanticModel.GetMemberGroup(invocation.Expression, context.CancellationToken))
            .OfType<IMethodSymbol>();
    }

    /// <summary>Which type parameter of a method of IrohRpc's takes a contract; -1 for none.</summary>
    private static int IndexOfContract(IMethodSymbol method)
    {
        ImmutableArray<ITypeParameterSymbol> parameters = (method.ReducedFrom ?? method).OriginalDefinition.TypeParameters;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].ConstraintTypes.Any(KnownTypes.IsRuntimeContract))
            {
                return i;
            }
        }

        return -1;
    }

    private static void Report(SyntaxNodeAnalysisContext context, ITypeSymbol type, SimpleNameSyntax method, Location location)
    {
        if (type.TypeKind is TypeKind.Error || KnownTypes.IsContract(type) || KnownTypes.IsGenerated(type) || IsConstrained(type))
        {
            return;
        }

        string called = method.Identifier.ValueText;
        string advice = type.TypeKind == TypeKind.TypeParameter ? $"constrain it with 'where {type.Name} : class, IrohRpc.CompilerServices.IContract<{type.Name}>'"
            : type.AllInterfaces.FirstOrDefault(KnownTypes.IsContract) is { } contract ? $"name the contract that it implements, {called}<{contract.Name}>"
            : type.TypeKind == TypeKind.Class && OwnInterface(type) is { } meant ? $"name an interface, {called}<{meant.Name}>, that is partial and has an ALPN, such as [Alpn(\"{FamilyOf(meant)}/1\")]"
            : type is { TypeKind: TypeKind.Interface, Locations: [{ IsInSource: true }, ..] } ? $"make it partial and give it an ALPN, such as [Alpn(\"{FamilyOf(type)}/1\")]"
            : "name an interface of yours that has [Alpn]";
        ImmutableDictionary<string, string?> properties = type.AllInterfaces.FirstOrDefault(KnownTypes.IsContract) is { } named
            ? ImmutableDictionary<string, string?>.Empty.Add(UsageDiagnostics.ContractProperty, named.ToDisplayString())
            : ImmutableDictionary<string, string?>.Empty;
        context.ReportDiagnostic(Diagnostic.Create(UsageDiagnostics.NotAContract, location, properties, type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat), called, advice));
    }

    private static bool IsConstrained(ITypeSymbol type)
        => type is ITypeParameterSymbol parameter && parameter.ConstraintTypes.Any(constraint => KnownTypes.IsRuntimeContract(constraint) || IsConstrained(constraint));

    /// <summary>A name for the protocol of an interface: <c>greeter</c> for <c>IGreeter</c>.</summary>
    public static string FamilyOf(ITypeSymbol type)
        => (type.Name.Length > 1 && type.Name[0] == 'I' ? type.Name.Substring(1) : type.Name).ToLowerInvariant();
}
