using System.Collections.Immutable;
using IrohRpc.Generators.Diagnostics;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Payloads;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Parsing;

/// <summary>
/// Reads an annotated interface into a <see cref="ContractModel"/>. The generator wants the model and the analyzer the findings; both come
/// from this one reading, so that they cannot disagree.
/// </summary>
internal sealed class ContractParser
{
    // What else stands in the generated types, or would be hidden there.
    private static readonly string[] ReservedIdentifiers =
    [
        "Contract", "Dispatch",
        "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString",
    ];

    private readonly INamedTypeSymbol _contract;
    private readonly Action<Diagnostic> _report;
    private readonly CancellationToken _cancellationToken;
    private readonly FormatterSet _formatters = new();
    private readonly PayloadShapes _shapes;
    private readonly List<IMethodSymbol> _symbols = [];
    private readonly HashSet<INamedTypeSymbol> _references = new(SymbolEqualityComparer.Default);
    private bool _failed;
    private bool _namesObsoleteErrors;

    private ContractParser(INamedTypeSymbol contract, Action<Diagnostic> report, CancellationToken cancellationToken)
    {
        _contract = contract;
        _shapes = new PayloadShapes(contract);
        _report = report;
        _cancellationToken = cancellationToken;
    }

    /// <summary>The model, or null where something keeps the contract from working; every such thing was reported, here or at another contract.</summary>
    public static ContractModel? Parse(INamedTypeSymbol contract, Action<Diagnostic> report, CancellationToken cancellationToken)
        => Parse(contract, report, out _, cancellationToken);

    /// <summary>The same, with the declarations of the model's methods in their order.</summary>
    public static ContractModel? Parse(INamedTypeSymbol contract, out IReadOnlyList<IMethodSymbol> methods, CancellationToken cancellationToken)
        => Parse(contract, static _ => { }, out methods, cancellationToken);

    /// <summary>What the contract is by itself, whatever is wrong with the contracts that it passes; null where something is wrong with it.</summary>
    public static IReadOnlyCollection<INamedTypeSymbol>? FindReferences(INamedTypeSymbol contract, CancellationToken cancellationToken)
    {
        var parser = new ContractParser(contract, static _ => { }, cancellationToken);
        return parser.Parse() is null ? null : parser._references;
    }

    private static ContractModel? Parse(
        INamedTypeSymbol contract, Action<Diagnostic> report, out IReadOnlyList<IMethodSymbol> methods, CancellationToken cancellationToken)
    {
        var parser = new ContractParser(contract, report, cancellationToken);
        methods = parser._symbols;

        // What names a contract that is not generated would not compile, and the error would stand in generated code.
        return parser.Parse() is { } model && FaultyContracts.FindAmong(contract, parser._references, cancellationToken) is null ? model : null;
    }

    private ContractModel? Parse()
    {
        using CodeNames.Scope names = CodeNames.In(((ISourceAssemblySymbol)_contract.ContainingAssembly).Compilation);
        CheckDeclaration();
        if (_contract.IsGenericType)
        {
            return null;
        }

        List<string> alpns = ReadAlpns();
        List<MethodModel> methods = MergeMethods(ReadMethods(alpns));
        _references.UnionWith(_contract.AllInterfaces.Where(KnownTypes.IsContract));
        return _failed ? null : new ContractModel(
            CodeNames.NamespaceOf(_contract),
            new EquatableArray<string>([.. PartialDeclarations.Around(_contract)]),
            CodeNames.EscapeType(_contract.Name),
            CodeNames.Of(_contract),
            new EquatableArray<string>([.. alpns]),
            new EquatableArray<string>([.. InheritedVersions.Of(_contract, alpns).Select(CodeNames.Of)]),
            InheritedVersions.TokensName(_contract, _cancellationToken),
            new EquatableArray<MethodModel>([.. Identified(methods)]),
            new EquatableArray<string>([.. _formatters]))
        {
            Shapes = new EquatableArray<PayloadShapeModel>([.. _shapes.Shapes]),
            Replacements = new EquatableArray<string>([.. _shapes.Replacements]),
            Walks = new EquatableArray<DepthWalkModel>([.. _shapes.Walks.Walks]),
            Accessors = new EquatableArray<string>([.. _shapes.Walks.Accessors]),
            KeptStructs = new EquatableArray<string>([.. _shapes.KeptStructs]),
            Experiments = new EquatableArray<string>([.. ExperimentalIds.Of(_contract, RemoteMembers().OfType<IMethodSymbol>())]),
            NamesObsoleteErrors = _namesObsoleteErrors || _contract.AllInterfaces.Any(ObsoleteErrors.Names),
            ExternAliases = new EquatableArray<string>([.. names.Used]),
        };
    }

    private List<(IMethodSymbol Method, MethodModel Model)> ReadMethods(List<string> alpns)
    {
        var methods = new List<(IMethodSymbol Method, MethodModel Model)>();
        foreach (ISymbol member in RemoteMembers())
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (member is not IMethodSymbol { IsStatic: false } method)
            {
                Report(ContractDiagnostics.NotAMethod, member, member.Name, KindOf(member));
                continue;
            }

            var parser = new MethodParser(_contract, method, alpns, _formatters, _shapes, _references, ReportOf(method), _cancellationToken);
            if (parser.Parse() is { } model)
            {
                methods.Add((method, model));
            }
            else
            {
                _failed = true;
            }

            _namesObsoleteErrors |= parser.NamesObsoleteErrors;
        }

        return methods;
    }

    /// <summary>The methods that peers see: those that C# takes for one are one.</summary>
    private List<MethodModel> MergeMethods(List<(IMethodSymbol Method, MethodModel Model)> all)
    {
        var methods = new List<MethodModel>();
        var replaced = new List<(IMethodSymbol By, MethodModel Model)>();
        foreach ((IMethodSymbol method, MethodModel model) in all)
        {
            if (FindRedeclaration(method, model, all) is { } redeclaration)
            {
                replaced.Add((redeclaration, model));
                continue;
            }

            int other = methods.FindIndex(earlier => earlier.NameId == model.NameId);
            if (other < 0)
            {
                methods.Add(model);
                _symbols.Add(method);
            }
            else if (IsSameMethod(method, _symbols[other]))
            {
                methods[other] = Merge(model, methods[other]);
            }
            else if (IsDuplicate(method, _symbols[other]))
            {
                // The compiler says so.
                _failed = true;
            }
            else
            {
                ReportSameName(method, model, _symbols[other], methods);
            }
        }

        foreach ((IMethodSymbol by, MethodModel model) in replaced)
        {
            int index = _symbols.FindIndex(method => SymbolEqualityComparer.Default.Equals(method, by));
            if (index >= 0)
            {
                methods[index] = Merge(methods[index], model);
            }
        }

        return methods;
    }

    /// <summary>
    /// The <c>new</c> declaration that takes the place of an inherited method whose wire name clashes with that of another: one declaration of a generic
    /// interface cannot have a wire name for each of its constructions.
    /// </summary>
    private static IMethodSymbol? FindRedeclaration(
        IMethodSymbol method, MethodModel model, List<(IMethodSymbol Method, MethodModel Model)> all)
        => all.Exists(other => other.Model.NameId == model.NameId && !SymbolEqualityComparer.Default.Equals(other.Method, method) && !IsSameMethod(other.Method, method))
            ? all.Where(other => other.Model.NameId != model.NameId && IsSameMethod(other.Method, method)
                    && other.Method.ContainingType.AllInterfaces.Contains(method.ContainingType, SymbolEqualityComparer.Default))
                .Select(other => other.Method).FirstOrDefault()
            : null;

    private static string Signature(IMethodSymbol method)
        => method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);

    private void CheckDeclaration()
    {
        foreach (INamedTypeSymbol type in PartialDeclarations.TypesAround(_contract).Append(_contract))
        {
            if (!PartialDeclarations.IsPartial(type, _cancellationToken))
            {
                Report(ContractDiagnostics.MustBePartial, type, type.Name, _contract.Name);
            }

            if (type.TypeParameters.Length > 0)
            {
                Report(ContractDiagnostics.GenericContract, type, type.Name);
            }
        }

        if (PartialDeclarations.TypesAround(_contract).Append(_contract).FirstOrDefault(type => type.IsFileLocal) is { } local)
        {
            Report(ContractDiagnostics.NotReachable, _contract, local.Name, "local to its file");
        }

        if (_contract.DeclaringSyntaxReferences[0].SyntaxTree.Options is CSharpParseOptions { LanguageVersion: < LanguageVersion.CSharp12 and var version })
        {
            Report(ContractDiagnostics.LanguageTooOld, _contract, _contract.Name, version.ToDisplayString());
        }
    }

    private List<string> ReadAlpns()
    {
        var alpns = new List<string>();
        foreach (AttributeData attribute in KnownTypes.Attributes(_contract, "AlpnAttribute"))
        {
            if (KnownTypes.IsBroken(attribute))
            {
                _failed = true;
                continue;
            }

            string alpn = attribute.ConstructorArguments is [{ Value: string value }] ? value : "";
            if (Alpn.Problem(alpn) is { } problem)
            {
                Report(ContractDiagnostics.MalformedAlpn, Location(attribute), alpn, _contract.Name, problem);
            }
            else if (alpns.Contains(alpn))
            {
                Report(ContractDiagnostics.DuplicateAlpn, Location(attribute), alpn, _contract.Name);
            }
            else
            {
                if (alpns.Find(earlier => Alpn.IsOlder(earlier, alpn)) is { } older)
                {
                    Report(ContractDiagnostics.OlderFirst, Location(attribute), _contract.Name, older, alpn);
                }

                alpns.Add(alpn);
            }
        }

        return alpns;
    }

    /// <summary>Inherited members first, so that the ids of a contract read in the order in which it grew; each by its order in the source.</summary>
    private IEnumerable<ISymbol> RemoteMembers()
        => _contract.AllInterfaces.Where(IsPartOfContract).Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default).Reverse().Append(_contract)
            .SelectMany(level => level.GetMembers())
            .Where(member => member is { IsImplicitlyDeclared: false } and not ITypeSymbol
                and not IMethodSymbol { MethodKind: not (MethodKind.Ordinary or MethodKind.UserDefinedOperator or MethodKind.Conversion) }
                && (member.IsAbstract ? !Reabstraction.Is(member) : Reabstraction.Of(member, _contract)));

    /// <summary>Every proxy can be disposed of, so a contract may say so; what makes it a contract is not a method of it.</summary>
    private static bool IsPartOfContract(INamedTypeSymbol type)
        => !KnownTypes.IsRuntimeContract(type) && !KnownTypes.IsDisposable(type);

    private static string KindOf(ISymbol member) => member switch
    {
        { IsStatic: true } => "static",
        IEventSymbol => "an event",
        IPropertySymbol { IsIndexer: true } => "an indexer",
        _ => "a property",
    };

    private static bool IsDuplicate(IMethodSymbol method, IMethodSymbol other)
        => method.Name == other.Name
            && SymbolEqualityComparer.Default.Equals(method.ContainingType, other.ContainingType)
            && method.Parameters.Select(parameter => parameter.Type)
                .SequenceEqual<ISymbol>(other.Parameters.Select(parameter => parameter.Type), SymbolEqualityComparer.Default);

    /// <summary>Whether two methods that a contract has from different interfaces are one in C#: a class implements both with one method.</summary>
    private static bool IsSameMethod(IMethodSymbol method, IMethodSymbol other)
        => method.Name == other.Name
            && !SymbolEqualityComparer.Default.Equals(method.ContainingType, other.ContainingType)
            && SymbolEqualityComparer.Default.Equals(method.ReturnType, other.ReturnType)
            && method.Parameters.Select(parameter => parameter.Type)
                .SequenceEqual<ISymbol>(other.Parameters.Select(parameter => parameter.Type), SymbolEqualityComparer.Default);

    /// <summary>The younger declaration is the one that is called; the older ones lead to it.</summary>
    private static MethodModel Merge(MethodModel younger, MethodModel older)
        => younger with
        {
            AlsoDeclaredBy = new EquatableArray<string>([older.DeclaringInterface, .. older.AlsoDeclaredBy]),
            Metadata = new EquatableArray<string>([.. older.Metadata.Union(younger.Metadata)]),
        };

    /// <summary>Gives each method a name of its own for what is generated for it: the C# name, where no overload shares it.</summary>
    private IEnumerable<MethodModel> Identified(List<MethodModel> methods)
    {
        var taken = new HashSet<string>(ReservedIdentifiers, StringComparer.Ordinal) { InheritedVersions.TokensName(_contract, _cancellationToken) };
        foreach (MethodModel method in methods)
        {
            string identifier = method.Identifier;
            if (methods.Count(other => other.Identifier == identifier) > 1 && SyntaxFacts.IsValidIdentifier(method.WireName))
            {
                identifier = method.WireName;
            }

            while (SyntaxFacts.GetKeywordKind(identifier) != SyntaxKind.None || !taken.Add(identifier))
            {
                identifier += "_";
            }

            yield return method with { Identifier = identifier };
        }
    }

    private Location? Location(AttributeData attribute)
        => attribute.ApplicationSyntaxReference?.GetSyntax(_cancellationToken).GetLocation();

    /// <summary>What is wrong with a method of another contract in this source is reported there, and once.</summary>
    private DiagnosticReport ReportOf(IMethodSymbol method)
        => SymbolEqualityComparer.Default.Equals(method.ContainingType, _contract)
            || !KnownTypes.IsContract(method.ContainingType)
            || OwnSource.LocationOf(_contract, method) is null
                ? Report
                : static (_, _, _, _) => { };

    private void ReportSameName(IMethodSymbol method, MethodModel model, IMethodSymbol other, List<MethodModel> methods)
    {
        string free = model.WireName + string.Concat(method.Parameters
            .Where(parameter => !KnownTypes.IsCancellationToken(parameter.Type))
            .Select(parameter => char.ToUpperInvariant(parameter.Name[0]) + parameter.Name.Substring(1)));
        while (methods.Exists(earlier => earlier.WireName == free))
        {
            free += "2";
        }

        ISymbol culprit = InContract(method);
        Report(
            ContractDiagnostics.SameWireName,
            OwnSource.LocationOf(_contract, culprit),
            ImmutableDictionary<string, string?>.Empty.Add(ContractDiagnostics.WireNameProperty, free),
            [Signature(method), model.WireName, Signature(other), SymbolEqualityComparer.Default.Equals(method.OriginalDefinition, other.OriginalDefinition)
                ? $"declare one of them in '{_contract.Name}' once more, as 'new' and with a [WireName] of its own"
                : "give one of them another with [WireName]"]);
    }

    /// <summary>The method where the contract declares it itself, otherwise the contract that brings it together with others.</summary>
    private ISymbol InContract(IMethodSymbol method)
        => SymbolEqualityComparer.Default.Equals(method.ContainingType, _contract) ? method : _contract;

    private void Report(DiagnosticDescriptor descriptor, ISymbol culprit, params object[] arguments)
        => Report(descriptor, OwnSource.LocationOf(_contract, culprit) ?? _contract.Locations.FirstOrDefault(), arguments);

    private void Report(DiagnosticDescriptor descriptor, Location? location, params object[] arguments)
        => Report(descriptor, location, ImmutableDictionary<string, string?>.Empty, arguments);

    private void Report(
        DiagnosticDescriptor descriptor, Location? location, ImmutableDictionary<string, string?> properties, object[] arguments)
    {
        _failed |= descriptor.DefaultSeverity == DiagnosticSeverity.Error;
        _report(Diagnostic.Create(descriptor, location, properties, arguments));
    }
}
