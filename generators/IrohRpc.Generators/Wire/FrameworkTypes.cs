using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>The types of .NET's own, which signatures name in full without their fields: a reference assembly of the framework shows others than there are.</summary>
internal static class FrameworkTypes
{
    private static readonly SymbolDisplayFormat FullName = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    /// <summary>The keys that Microsoft signs the framework's assemblies with. A library may be called System.Something; it cannot have these.</summary>
    private static readonly HashSet<string> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        "b77a5c561934e089", "b03f5f7f11d50a3a", "7cec85d7bea7798e", "cc7b13ffcd2ddd51", "31bf3856ad364e35", "adb9793829ddae60",
    };

    /// <summary>What a framework's struct in one of these namespaces holds belongs to the process or the machine.</summary>
    private static readonly HashSet<string> ProcessBound = new(StringComparer.Ordinal)
    {
        "System.Runtime.InteropServices", "System.Runtime.CompilerServices", "System.Runtime", "System.Threading", "System.Threading.Tasks",
    };

    private static readonly ConditionalWeakTable<IAssemblySymbol, StrongBox<bool>> Signed = new();

    /// <summary>Whether a type is the framework's own.</summary>
    public static bool Has(INamedTypeSymbol type)
    {
        INamespaceSymbol? level = type.ContainingNamespace;
        while (level is { ContainingNamespace.IsGlobalNamespace: false })
        {
            level = level.ContainingNamespace;
        }

        return level?.Name == "System" && type.ContainingAssembly is { } assembly
            && Signed.GetValue(assembly, static found => new StrongBox<bool>(found is not ISourceAssemblySymbol && Keys.Contains(KeyOf(found.Identity.PublicKeyToken)))).Value;
    }

    /// <summary>The full name of a type, without its type arguments.</summary>
    public static string NameOf(INamedTypeSymbol type) => type.OriginalDefinition.ToDisplayString(FullName);

    /// <summary>The type arguments of a type and of those around it, outermost first.</summary>
    public static IEnumerable<ITypeSymbol> ArgumentsOf(INamedTypeSymbol type)
        => (type.ContainingType is { } outer ? ArgumentsOf(outer) : []).Concat(type.TypeArguments);

    /// <summary>Whether a type has the size of the machine's registers.</summary>
    public static bool IsMachineSized(ITypeSymbol type) => type.SpecialType is SpecialType.System_IntPtr or SpecialType.System_UIntPtr
        || (type is INamedTypeSymbol { IsValueType: true, ContainingType: null } named && (named.ContainingNamespace.ToDisplayString(), named.Name) is
            ("System.Numerics", "Vector") or ("System.Runtime.InteropServices", "CLong" or "CULong" or "NFloat"));

    /// <summary>Whether a struct of the framework holds something that means nothing in another process: a handle, a lock, a token.</summary>
    public static bool IsProcessBound(INamedTypeSymbol type)
        => type is { IsValueType: true, TypeKind: TypeKind.Struct } && Has(type)
            && (type.Name.EndsWith("Handle", StringComparison.Ordinal)
                || type.Name is "ArgIterator" or "TypedReference" or "HashCode"
                || (ProcessBound.Contains(type.ContainingNamespace.ToDisplayString()) && !type.Name.StartsWith("InlineArray", StringComparison.Ordinal)));

    private static string KeyOf(ImmutableArray<byte> token)
        => token.IsDefaultOrEmpty ? "" : string.Concat(token.Select(value => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
}
