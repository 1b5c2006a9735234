using System.Globalization;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Shipped;

/// <summary>Finds the place in the source of a contract's project where something stands, or the nearest thing to it that has one.</summary>
internal sealed class ShippedPlaces(INamedTypeSymbol contract, CancellationToken cancellationToken)
{
    /// <summary>The contract's name.</summary>
    public Location? OfContract() => Of(contract);

    /// <summary>The attribute that gives the contract an ALPN.</summary>
    public Location? OfAlpn(string alpn) => KnownTypes.Attributes(contract, "AlpnAttribute")
        .Where(attribute => attribute.ConstructorArguments is [{ Value: string value }] && value == alpn)
        .Select(Of).FirstOrDefault() ?? OfContract();

    /// <summary>The method's name.</summary>
    public Location? OfMethod(IMethodSymbol method) => Of(method) ?? OfContract();

    /// <summary>The type of a parameter that travels or of the result; otherwise the method's name.</summary>
    public Location? OfParameter(IMethodSymbol method, int? index)
    {
        SyntaxNode? type = index switch
        {
            null => null,
            ShippedChange.Result => Syntax<MethodDeclarationSyntax>(method)?.ReturnType,
            _ => method.Parameters
                .Where(parameter => MethodParser.KindOf(parameter.Type, out ITypeSymbol? _) is not (ParameterKind.Cancellation or ParameterKind.Context))
                .Skip(index.Value).Select(parameter => Syntax<ParameterSyntax>(parameter)?.Type).FirstOrDefault(),
        };
        return type?.GetLocation() ?? OfMethod(method);
    }

    /// <summary>The attribute that says since when a method is there; otherwise the method's name.</summary>
    public Location? OfSince(IMethodSymbol method)
        => KnownTypes.Attributes(method, "SinceAttribute").Select(Of).FirstOrDefault() ?? OfMethod(method);

    /// <summary>A member or case of a type, or else the type's name; null where neither stands in this source.</summary>
    public Location? OfMember(INamedTypeSymbol type, string? member)
    {
        if (member is not null && int.TryParse(member, NumberStyles.None, CultureInfo.InvariantCulture, out int tag))
        {
            AttributeData? unionCase = type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Name == "MemoryPackUnionAttribute"
                && attribute.ConstructorArguments is [{ Value: { } value }, ..] && Convert.ToInt32(value, CultureInfo.InvariantCulture) == tag);
            return (unionCase is null ? null : Of(unionCase)) ?? Of(type);
        }

        string name = member?.Split('@', '*')[0] ?? "";
        for (INamedTypeSymbol? level = type; level is not null && name.Length > 0; level = level.BaseType)
        {
            if (level.GetMembers(name).Select(Of).FirstOrDefault(place => place is not null) is { } place)
            {
                return place;
            }
        }

        return Of(type);
    }

    private Location? Of(ISymbol symbol) => OwnSource.LocationOf(contract, symbol);

    private Location? Of(AttributeData attribute) => OwnSource.SyntaxOf(contract, attribute, cancellationToken)?.GetLocation();

    private T? Syntax<T>(ISymbol symbol)
        where T : SyntaxNode
        => OwnSource.SyntaxOf<T>(contract, symbol, cancellationToken);
}
