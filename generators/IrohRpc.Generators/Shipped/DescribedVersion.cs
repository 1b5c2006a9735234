using System.Globalization;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Shipped;

/// <summary>What the source says today of one version of a contract, with the declarations that say it.</summary>
/// <param name="Version">The lines that the shipped file would have.</param>
/// <param name="Methods">The methods' declarations by wire name.</param>
/// <param name="Types">The types' declarations by name.</param>
internal sealed record DescribedVersion(
    ShippedVersion Version, IReadOnlyDictionary<string, IMethodSymbol> Methods, IReadOnlyDictionary<string, INamedTypeSymbol> Types)
{
    /// <summary>The versions of a contract, newest first; none where something else is wrong with it.</summary>
    public static IReadOnlyList<DescribedVersion> Of(INamedTypeSymbol contract, CancellationToken cancellationToken)
    {
        ContractModel? model = ContractParser.Parse(contract, out IReadOnlyList<IMethodSymbol> methods, cancellationToken);
        return model is null ? [] : [.. model.Alpns.Select((alpn, index) => Of(model, methods, alpn, index, cancellationToken))];
    }

    private static DescribedVersion Of(
        ContractModel model, IReadOnlyList<IMethodSymbol> methods, string alpn, int index, CancellationToken cancellationToken)
    {
        var types = new ReachableTypes(cancellationToken);
        var lines = new Dictionary<string, ShippedMethod>(StringComparer.Ordinal);
        var symbols = new Dictionary<string, IMethodSymbol>(StringComparer.Ordinal);
        List<string> alpns = [.. model.Alpns];
        foreach ((MethodModel method, IMethodSymbol symbol) in model.Methods
            .Select((method, i) => (method, methods[i]))
            .Where(pair => pair.method.Since is null || alpns.IndexOf(pair.method.Since) >= index)
            .OrderBy(pair => pair.method.WireName, StringComparer.Ordinal))
        {
            ShippedMethod line = Line(method, symbol, types);
            lines.Add(line.Name, line);
            symbols.Add(line.Name, symbol);
        }

        return new DescribedVersion(new ShippedVersion(alpn, IsRetired: false, [], lines, types.Lines), symbols, types.Symbols);
    }

    private static ShippedMethod Line(MethodModel method, IMethodSymbol symbol, ReachableTypes types) => new(
        ShippedText.Escape(method.WireName),
        new EquatableArray<TypeExpression>([.. symbol.Parameters
            .Select(parameter => Parameter(parameter.Type, types))
            .Where(text => text is not null)
            .Select(text => TypeExpression.Parse(text!)!)]),
        TypeExpression.Parse(Result(ReturnModel.Of(symbol.ReturnType)!, types))!,
        new EquatableArray<TypeExpression>([.. MethodParser.FaultsOf(symbol)
            .Select(fault => types.NameOf(fault.Type))
            .OrderBy(name => name, StringComparer.Ordinal)
            .Select(name => TypeExpression.Parse(name)!)]),
        method.NameId.ToString("x8", CultureInfo.InvariantCulture) + "-" + method.SignatureId.ToString("x16", CultureInfo.InvariantCulture));

    /// <summary>What a parameter is on the wire; null where it does not travel.</summary>
    private static string? Parameter(ITypeSymbol type, ReachableTypes types) => MethodParser.KindOf(type, out ITypeSymbol? element) switch
    {
        ParameterKind.Cancellation or ParameterKind.Context => null,
        ParameterKind.Items => $"stream<{types.NameOf(element!)}>",
        ParameterKind.Progress => $"progress<{types.NameOf(element!)}>",
        ParameterKind.Contract => ContractName(element!),
        ParameterKind.Value => types.NameOf(type),
        ParameterKind.PipeWriter => "bytesback",
        _ => "bytes",
    };

    private static string Result(ReturnModel result, ReachableTypes types) => result.Kind switch
    {
        ResultKind.None => result.Shape == ReturnShape.OneWay ? "oneway" : "void",
        ResultKind.Items => $"stream<{types.NameOf(result.Type!)}>",
        ResultKind.Contract => ContractName(result.Type!),
        ResultKind.Value => types.NameOf(result.Type!),
        ResultKind.PipeWriter => "bytesback",
        _ => "bytes",
    };

    /// <summary>The ALPN of another contract may be malformed, which is reported there.</summary>
    private static string ContractName(ITypeSymbol type)
        => Alpn.FamilyOf(type) is { Length: > 0 } family ? $"contract<{ShippedText.Escape(family)}>" : "contract<?>";
}
