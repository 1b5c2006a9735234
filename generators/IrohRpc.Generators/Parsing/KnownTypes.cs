using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>The types that a contract's signatures give a meaning to.</summary>
internal static class KnownTypes
{
    public const string AlpnAttribute = "IrohRpc.AlpnAttribute";

    public static bool IsCancellationToken(ITypeSymbol type) => Is(type, "CancellationToken", "System.Threading");

    public static bool IsCallContext(ITypeSymbol type) => Is(type, "CallContext", "IrohRpc");

    public static bool IsStream(ITypeSymbol type) => Is(type, "Stream", "System.IO");

    public static bool IsPipeReader(ITypeSymbol type) => Is(type, "PipeReader", "System.IO.Pipelines");

    public static bool IsPipeWriter(ITypeSymbol type) => Is(type, "PipeWriter", "System.IO.Pipelines");

    public static bool IsTask(ITypeSymbol type) => Is(type, "Task", "System.Threading.Tasks");

    public static bool IsValueTask(ITypeSymbol type) => Is(type, "ValueTask", "System.Threading.Tasks");

    public static bool IsAsyncEnumerable(ITypeSymbol type, out ITypeSymbol item)
        => IsGeneric(type, "IAsyncEnumerable", "System.Collections.Generic", out item);

    public static bool IsProgress(ITypeSymbol type, out ITypeSymbol report) => IsGeneric(type, "IProgress", "System", out report);

    /// <summary>What the generator adds to a contract.</summary>
    public static bool IsRuntimeContract(ITypeSymbol type) => Is(type, "IContract", "IrohRpc.CompilerServices");

    public static bool IsDisposable(ITypeSymbol type) => Is(type, "IDisposable", "System") || Is(type, "IAsyncDisposable", "System");

    /// <summary>The exception that carries a typed fault.</summary>
    public static bool IsFaultException(ITypeSymbol type) => Is(type, "RpcFaultException", "IrohRpc");

    /// <summary>Whether a type is a contract by its own <c>[Alpn]</c>.</summary>
    public static bool IsContract(ITypeSymbol type)
        => type.TypeKind == TypeKind.Interface && Attributes(type, "AlpnAttribute").Any();

    /// <summary>Whether the generator has completed a contract of another project.</summary>
    public static bool IsGenerated(ITypeSymbol contract)
        => contract.AllInterfaces.Any(candidate => IsRuntimeContract(candidate) && candidate is INamedTypeSymbol { TypeArguments: [{ } self] }
            && SymbolEqualityComparer.Default.Equals(self, contract));

    /// <summary>The attributes of <paramref name="symbol"/> that IrohRpc defines under <paramref name="name"/>.</summary>
    public static IEnumerable<AttributeData> Attributes(ISymbol symbol, string name)
        => symbol.GetAttributes().Where(attribute => attribute.AttributeClass is { } type && type.Name == name && InNamespace(type, "IrohRpc"));

    /// <summary>Whether an attribute has arguments that do not compile.</summary>
    public static bool IsBroken(AttributeData attribute)
        => attribute.AttributeConstructor is not { } constructor
            || attribute.ConstructorArguments.Length < constructor.Parameters.Length
            || attribute.ConstructorArguments.Any(argument => argument.Kind == TypedConstantKind.Error);

    private static bool Is(ITypeSymbol type, string name, string containingNamespace)
        => type.Name == name && InNamespace(type, containingNamespace);

    private static bool IsGeneric(ITypeSymbol type, string name, string containingNamespace, out ITypeSymbol argument)
    {
        if (type is INamedTypeSymbol { TypeArguments: [{ } only] } && Is(type, name, containingNamespace))
        {
            argument = only;
            return true;
        }

        argument = type;
        return false;
    }

    private static bool InNamespace(ITypeSymbol type, string containingNamespace)
        => type.ContainingType is null && type.ContainingNamespace?.ToDisplayString() == containingNamespace;
}
