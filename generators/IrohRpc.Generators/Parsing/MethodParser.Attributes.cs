using IrohRpc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

// What the attributes of a method say.
internal sealed partial class MethodParser
{
    /// <summary>
    /// The faults that a method declares, its interface's included; a fault that an interface declares for all of its methods is not for those
    /// that nobody answers.
    /// </summary>
    public static IEnumerable<(AttributeData Attribute, ITypeSymbol Type)> FaultsOf(IMethodSymbol method)
        => method.ReturnsVoid ? [] : KnownTypes.Attributes(method, "FaultAttribute")
            .Concat(KnownTypes.Attributes(method.ContainingType, "FaultAttribute"))
            .Where(attribute => attribute.AttributeClass is { TypeArguments: [_] })
            .Select(attribute => (attribute, attribute.AttributeClass!.TypeArguments[0]));

    private string? ReadSince()
    {
        if (KnownTypes.Attributes(method, "SinceAttribute").FirstOrDefault() is not { } attribute)
        {
            return null;
        }

        if (IsBroken(attribute))
        {
            return null;
        }

        string since = attribute.ConstructorArguments is [{ Value: string value }] ? value : "";
        if (!alpns.Contains(since) && SymbolEqualityComparer.Default.Equals(method.ContainingType, contract))
        {
            string known = string.Join(", ", alpns.Select(alpn => $"\"{alpn}\""));
            Fail(ContractDiagnostics.UnknownSince, attribute, since, method.Name, contract.Name, known);
        }

        return alpns.Contains(since) ? since : null;
    }

    private int? ReadLimit()
    {
        if (KnownTypes.Attributes(method, "MessageLimitAttribute").FirstOrDefault() is not { } attribute)
        {
            return null;
        }

        if (IsBroken(attribute))
        {
            return null;
        }

        int limit = attribute.ConstructorArguments is [{ Value: int value }] ? value : 0;
        if (limit < 1)
        {
            Fail(ContractDiagnostics.MalformedLimit, attribute, limit, method.Name);
        }

        return limit;
    }

    /// <summary>Whether an attribute does not compile; the compiler says so, and no more need be said.</summary>
    private bool IsBroken(AttributeData attribute)
    {
        bool isBroken = KnownTypes.IsBroken(attribute);
        _failed |= isBroken;
        return isBroken;
    }

    private string ReadWireName()
    {
        if (KnownTypes.Attributes(method, "WireNameAttribute").FirstOrDefault() is { } attribute)
        {
            if (IsBroken(attribute))
            {
                return "";
            }

            string given = attribute.ConstructorArguments is [{ Value: string value }] ? value : "";
            if (WireText.Problem(given) is { } problem)
            {
                Fail(ContractDiagnostics.MalformedWireName, attribute, method.Name, problem);
            }

            return given;
        }

        const string suffix = "Async";
        return method.Name.Length > suffix.Length && method.Name.EndsWith(suffix, StringComparison.Ordinal)
            ? method.Name.Substring(0, method.Name.Length - suffix.Length)
            : method.Name;
    }
}
