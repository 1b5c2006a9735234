using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Parsing;

/// <summary>The attributes that interceptors read at run time, as expressions that make them anew.</summary>
internal static class MetadataAttributes
{
    /// <summary>Those of a method: its contract's, its interface's and its own.</summary>
    public static IEnumerable<string> Of(INamedTypeSymbol contract, IMethodSymbol method)
        => SymbolEqualityComparer.Default.Equals(contract, method.ContainingType)
            ? Of(contract).Concat(Of(method))
            : Of(contract).Concat(Of(method.ContainingType)).Concat(Of(method));

    /// <summary>Those of one symbol.</summary>
    public static IEnumerable<string> Of(ISymbol symbol)
        => symbol.GetAttributes().Where(attribute => IsMetadata(attribute.AttributeClass)).Select(Creation).OfType<string>();

    private static bool IsMetadata(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.Name == "RpcMetadataAttribute" && type.ContainingNamespace?.ToDisplayString() == "IrohRpc")
            {
                return true;
            }
        }

        return false;
    }

    // Null for one that does not compile, which the compiler reports.
    private static string? Creation(AttributeData attribute)
    {
        if (attribute.AttributeConstructor is null
            || attribute.ConstructorArguments.Any(argument => argument.Kind == TypedConstantKind.Error)
            || attribute.NamedArguments.Any(argument => argument.Value.Kind == TypedConstantKind.Error))
        {
            return null;
        }

        string arguments = string.Join(", ", attribute.ConstructorArguments.Select(Expression));
        string members = string.Join(", ", attribute.NamedArguments.Select(argument => $"{CodeNames.Escape(argument.Key)} = {Expression(argument.Value)}"));
        return $"new {CodeNames.Of(attribute.AttributeClass!)}({arguments}){(members.Length == 0 ? "" : $" {{ {members} }}")}";
    }

    private static string Expression(TypedConstant constant)
    {
        string type = constant.Type is null ? "object" : CodeNames.Of(constant.Type);
        return constant switch
        {
            { IsNull: true } => $"default({type})",
            { Kind: TypedConstantKind.Type, Value: ITypeSymbol value } => $"typeof({CodeNames.WithoutNullability(value)})",
            { Kind: TypedConstantKind.Array, Type: IArrayTypeSymbol array }
                => $"new {CodeNames.Of(array.ElementType)}[] {{ {string.Join(", ", constant.Values.Select(Expression))} }}",
            { Value: string or bool or char } => SymbolDisplay.FormatPrimitive(constant.Value, quoteStrings: true, useHexadecimalNumbers: false),
            { Value: double value } => Real(value),
            { Value: float value } => $"(float){Real(value)}",
            _ => $"({type})({Convert.ToString(constant.Value, CultureInfo.InvariantCulture)})",
        };
    }

    private static string Real(double value)
        => double.IsNaN(value) ? "double.NaN"
            : double.IsInfinity(value) ? $"double.{(value > 0 ? "Positive" : "Negative")}Infinity"
            : $"({value.ToString("R", CultureInfo.InvariantCulture)}d)";
}
