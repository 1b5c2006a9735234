using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Wire;

/// <summary>
/// The annotated types of this project that MemoryPack's generator does not complete. It says so itself of most of them; code that used them as if they were
/// complete would only bury that under errors of its own.
/// </summary>
internal static class MemoryPackRefusal
{
    private const int MostMembers = 249;

    /// <summary>Why MemoryPack's generator does not complete <paramref name="type"/>; null where it does.</summary>
    public static UnserializableReason? Of(INamedTypeSymbol type, MemoryPackType packed)
    {
        // What was completed was not refused; only an analyzer can see that.
        if (!type.Locations.Any(location => location.IsInSource) || MemoryPackType.Find(type, "MemoryPackableAttribute") is null
            || type.AllInterfaces.Any(candidate => candidate.Name == "IMemoryPackFormatterRegister"))
        {
            return null;
        }

        return IsMisplaced(type) ? UnserializableReason.Misplaced
            : !IsPartial(type) || IsRefused(type, packed) ? UnserializableReason.ReportedElsewhere
            : null;
    }

    /// <summary>MemoryPack's generator neither repeats type parameters of outer types, nor escapes keywords, nor knows interfaces that are nested in.</summary>
    private static bool IsMisplaced(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            if (outer.TypeParameters.Length > 0 || outer.TypeKind == TypeKind.Interface || IsKeyword(outer.Name))
            {
                return true;
            }
        }

        for (INamespaceSymbol level = type.ContainingNamespace; !level.IsGlobalNamespace; level = level.ContainingNamespace)
        {
            if (IsKeyword(level.Name))
            {
                return true;
            }
        }

        return IsKeyword(type.Name);
    }

    // The contextual ones are those that C# does not allow as names of types either, unless they are escaped.
    private static bool IsKeyword(string name)
        => SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None
            || name is "record" or "required" or "scoped" or "file" or "partial" or "where" or "extension" or "field";

    private static bool IsPartial(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? level = type; level is not null; level = level.ContainingType)
        {
            if (level.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax declaration
                && !declaration.Modifiers.Any(SyntaxKind.PartialKeyword)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsRefused(INamedTypeSymbol type, MemoryPackType packed) => packed.Kind switch
    {
        MemoryPackKind.Union => IsRefusedUnion(type, packed),
        MemoryPackKind.Collection => type.IsAbstract
            || !type.InstanceConstructors.Any(constructor => constructor is { DeclaredAccessibility: Accessibility.Public, Parameters.Length: 0 }),
        MemoryPackKind.Custom => packed.RegistersItself && IsRefusedObject(type, MemoryPackKind.Object, MemoryPackMembers.Of(type) ?? []),
        MemoryPackKind.Unmanaged => Callbacks(type).Any()
            || type.InstanceConstructors.Any(constructor => MemoryPackType.Find(constructor, "MemoryPackConstructorAttribute") is not null),
        _ => IsRefusedObject(type, packed.Kind, packed.Members),
    };

    private static bool IsRefusedUnion(INamedTypeSymbol type, MemoryPackType packed)
        => type.IsSealed || !type.IsAbstract
            || packed.UnionCases.Select(unionCase => unionCase.Key).Distinct().Count() < packed.UnionCases.Count
            || packed.UnionCases.Any(unionCase => unionCase.Value is not INamedTypeSymbol { IsValueType: false } named
                || MemoryPackType.Find(named, "MemoryPackableAttribute") is null
                || !IsBelow(named, type));

    private static bool IsBelow(INamedTypeSymbol type, INamedTypeSymbol union)
    {
        IEnumerable<INamedTypeSymbol> above = union.TypeKind == TypeKind.Interface
            ? type.OriginalDefinition.AllInterfaces
            : MemoryPackMembers.BasesFirst(type).Where(level => !SymbolEqualityComparer.Default.Equals(level, type));
        return above.Any(candidate => SymbolEqualityComparer.Default.Equals(candidate.OriginalDefinition, union.OriginalDefinition));
    }

    private static bool IsRefusedObject(INamedTypeSymbol type, MemoryPackKind kind, IReadOnlyList<WireMember> members)
    {
        if (type.IsAbstract || members.Count > MostMembers || IsMeantAsCollection(type) || HasForbiddenAnnotations(type))
        {
            return true;
        }

        List<IMethodSymbol> constructors = [.. type.InstanceConstructors.Where(constructor => !constructor.IsImplicitlyDeclared)];
        List<IMethodSymbol> chosen = constructors.Count <= 1
            ? constructors
            : constructors.FindAll(constructor => MemoryPackType.Find(constructor, "MemoryPackConstructorAttribute") is not null);
        if ((constructors.Count > 1 && chosen.Count != 1) || (kind == MemoryPackKind.CircularReference && chosen.Exists(constructor => constructor.Parameters.Length > 0)))
        {
            return true;
        }

        IEnumerable<IParameterSymbol> parameters = chosen.SelectMany(constructor => constructor.Parameters);
        return parameters.Any(parameter => !members.Any(member => IsNamed(member, parameter)))
            || members.Any(member => MemoryPackMembers.FindSeen(type, member.Name) is IFieldSymbol { IsReadOnly: true } && !parameters.Any(parameter => IsNamed(member, parameter)))
            || Callbacks(type).Any(callback => callback.Parameters.Length > 0 && callback.Parameters is not [{ RefKind: RefKind.Ref }, { RefKind: RefKind.Ref }])
            || IsMisordered(type, kind, members);
    }

    private static bool IsNamed(WireMember member, IParameterSymbol parameter)
        => string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(member.Name, "_" + parameter.Name, StringComparison.OrdinalIgnoreCase);

    private static bool IsMeantAsCollection(INamedTypeSymbol type) => Argument(type, "GenerateType") is 3;

    private static bool HasForbiddenAnnotations(INamedTypeSymbol type)
        => MemoryPackMembers.BasesFirst(type).Any(level => level.GetMembers().Any(member =>
            (member.IsOverride && (MemoryPackType.Find(member, "MemoryPackIgnoreAttribute") ?? MemoryPackType.Find(member, "MemoryPackIncludeAttribute")) is not null)
            || (member.DeclaredAccessibility == Accessibility.Private && !SymbolEqualityComparer.Default.Equals(level, type)
                && MemoryPackType.Find(member, "MemoryPackIncludeAttribute") is not null)));

    private static int? Argument(INamedTypeSymbol type, string name)
        => MemoryPackType.Find(type, "MemoryPackableAttribute")!.ConstructorArguments.FirstOrDefault(argument => argument.Type?.Name == name).Value as int?;

    private static bool IsMisordered(INamedTypeSymbol type, MemoryPackKind kind, IReadOnlyList<WireMember> members)
    {
        bool isTolerant = kind is MemoryPackKind.VersionTolerant or MemoryPackKind.CircularReference;
        bool isExplicit = Argument(type, "SerializeLayout") is { } layout ? layout == 1 : isTolerant;
        return isExplicit
            && (members.Any(member => MemoryPackMembers.FindSeen(type, member.Name) is { } seen && MemoryPackMembers.OrderOf(seen) is null)
                || members.Select(member => member.Number).Distinct().Count() < members.Count
                || (!isTolerant && members.Where((member, index) => member.Number != index).Any()));
    }

    private static IEnumerable<IMethodSymbol> Callbacks(INamedTypeSymbol type)
        => type.GetMembers().OfType<IMethodSymbol>().Where(method => method.GetAttributes()
            .Any(attribute => attribute.AttributeClass?.Name.StartsWith("MemoryPackOn", StringComparison.Ordinal) == true));
}
