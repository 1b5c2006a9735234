using System.Collections.Immutable;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Shipped;

/// <summary>Holds one contract to what shipped under its ALPNs.</summary>
internal sealed class ContractCheck
{
    private static readonly SymbolDisplayFormat TypeName = SymbolDisplayFormat.CSharpShortErrorMessageFormat
        .RemoveMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private readonly INamedTypeSymbol _contract;
    private readonly ShippedFile _shipped;
    private readonly ShippedPlaces _places;
    private readonly IReadOnlyList<DescribedVersion> _versions;
    private readonly List<ShippedFinding> _findings = [];
    private readonly string _next;
    private readonly ImmutableDictionary<string, string?> _properties;

    private ContractCheck(INamedTypeSymbol contract, ShippedFile shipped, IReadOnlyList<DescribedVersion> versions, CancellationToken cancellationToken)
    {
        _contract = contract;
        _shipped = shipped;
        _places = new ShippedPlaces(contract, cancellationToken);
        _versions = versions;
        List<string> own = [.. versions.Select(version => version.Version.Alpn)];
        _next = own.FirstOrDefault(alpn => shipped.Find(alpn) is null)
            ?? AlpnOrder.Next([.. own, .. shipped.Versions.Select(version => version.Alpn).Where(alpn => Alpn.Family(alpn) == Alpn.Family(own[0]))]);
        _properties = ImmutableDictionary<string, string?>.Empty
            .Add(ShippedDiagnostics.ContractProperty, contract.GetDocumentationCommentId())
            .Add(ShippedDiagnostics.AlpnProperty, _next);
    }

    private string NewAlpn => _versions.Any(version => version.Version.Alpn == _next) ? $"\"{_next}\"" : $"a new ALPN, \"{_next}\"";

    /// <summary>All that differs.</summary>
    public static IReadOnlyList<ShippedFinding> Of(INamedTypeSymbol contract, ShippedFile shipped, CancellationToken cancellationToken)
    {
        IReadOnlyList<DescribedVersion> versions = DescribedVersion.Of(contract, cancellationToken);
        return versions.Count == 0 ? [] : new ContractCheck(contract, shipped, versions, cancellationToken).Check();
    }

    private List<ShippedFinding> Check()
    {
        foreach (DescribedVersion today in _versions)
        {
            string alpn = today.Version.Alpn;
            ShippedVersion? shipped = _shipped.Find(alpn);
            if (shipped is null)
            {
                NotRecorded(alpn);
            }
            else if (shipped.IsRetired)
            {
                Add(ShippedDiagnostics.RetiredAgain, _places.OfAlpn(alpn), alpn, _ => [alpn, _contract.Name, _next]);
            }
            else
            {
                foreach (ShippedChange change in VersionComparison.Compare(shipped, today.Version))
                {
                    Report(change, today);
                }
            }
        }

        return _findings;
    }

    private void NotRecorded(string alpn)
    {
        List<string> older = [.. _shipped.Versions.Select(version => version.Alpn).Where(other => Alpn.Family(other) == Alpn.Family(alpn))];
        if (older.Count == 0)
        {
            Add(ShippedDiagnostics.NewContract, _places.OfAlpn(alpn), alpn, _ => [alpn, _contract.Name]);
            return;
        }

        string shipped = ShippedFinding.Words(older.OrderBy(other => other, AlpnOrder.Instance).Select(other => $"\"{other}\""));
        Add(ShippedDiagnostics.Addition, _places.OfAlpn(alpn), alpn, _ => [$"\"{alpn}\"", shipped, "older peers never offer it, and lose nothing"]);
    }

    private void Report(ShippedChange change, DescribedVersion today)
    {
        switch (change.Kind)
        {
            case ShippedChangeKind.MethodChanged:
                MethodChanged(change, today);
                break;
            case ShippedChangeKind.MethodRemoved:
                MethodRemoved(change, today);
                break;
            case ShippedChangeKind.MethodAdded:
                MethodAdded(change, today);
                break;
            case ShippedChangeKind.TypeChanged:
                TypeChanged(change, today);
                break;
            case ShippedChangeKind.Tolerated:
                Tolerated(change, today);
                break;
        }
    }

    private void MethodChanged(ShippedChange change, DescribedVersion today)
    {
        IMethodSymbol method = today.Methods[change.Method!];
        string peers = change.Consequence == Consequence.FaultLost
            ? "peers out there wait for that fault, and get an RpcException without it"
            : "calls between you and peers out there end in Unimplemented";
        string advice = change.Consequence == Consequence.FaultLost
            ? "declare it again"
            : RenamedTypes.Advice(_shipped.Find(today.Version.Alpn)!, today.Version, change.What)
                ?? $"undo it, and put the new form into a method of another name, [Since] {NewAlpn}";
        Add(ShippedDiagnostics.MethodChanged, _places.OfParameter(method, change.Parameter), today, change, alpns
            => [alpns, NameOf(method), change.What, peers, advice]);
    }

    private void MethodRemoved(ShippedChange change, DescribedVersion today)
    {
        if (_versions.FirstOrDefault(version => version.Methods.ContainsKey(change.Method!)) is { } younger)
        {
            IMethodSymbol moved = younger.Methods[change.Method!];
            Add(ShippedDiagnostics.SinceMoved, _places.OfSince(moved), today, change, alpns =>
            [
                NameOf(moved),
                $"under {alpns}, and is not part of that any more",
                "peers out there that call it get Unimplemented",
                "put [Since] back to where it was",
            ]);
            return;
        }

        if (change.RenamedTo is { } name)
        {
            IMethodSymbol renamed = today.Methods[name];
            Add(
                ShippedDiagnostics.MethodRemoved,
                _places.OfMethod(renamed),
                today,
                change,
                alpns => [alpns, NameOf(renamed), change.What, $"give it [WireName(\"{change.Method}\")]"],
                _properties.Add(ShippedDiagnostics.WireNameProperty, ShippedText.Unescape(change.Method!)));
            return;
        }

        Add(ShippedDiagnostics.MethodRemoved, _places.OfContract(), today, change, alpns
            => [alpns, _contract.Name, change.What, $"put it back, or leave {alpns} to an interface of its own that has it, and give this one {NewAlpn}"]);
    }

    private void MethodAdded(ShippedChange change, DescribedVersion today)
    {
        IMethodSymbol method = today.Methods[change.Method!];
        string? shippedWith = _versions.Select(version => version.Version.Alpn).TakeWhile(alpn => alpn != today.Version.Alpn)
            .LastOrDefault(alpn => _shipped.Find(alpn) is { IsRetired: false } younger && younger.Methods.ContainsKey(change.Method!));
        if (shippedWith is not null)
        {
            Add(ShippedDiagnostics.SinceMoved, _places.OfSince(method), today, change, alpns =>
            [
                NameOf(method),
                $"with \"{shippedWith}\", and is part of {alpns} now",
                "calling it at peers out there with that ends in Unimplemented",
                $"give it [Since(\"{shippedWith}\")] again",
            ]);
            return;
        }

        string also = _versions.Any(version => version.Version.Alpn == _next) ? "" : $" and '{_contract.Name}' [Alpn(\"{_next}\")]";
        Add(ShippedDiagnostics.MethodAdded, _places.OfMethod(method), today, change, alpns => [NameOf(method), alpns, _next, also]);
    }

    private void TypeChanged(ShippedChange change, DescribedVersion today)
    {
        string methods = ShippedFinding.Words(change.ReachedBy.Select(method => $"'{method}'"));
        string peers = change.Consequence switch
        {
            Consequence.Refused => $"calls of {methods} between you and peers out there end in Unimplemented",
            Consequence.FaultLost => $"peers out there get the fault of {methods} without its type",
            Consequence.Missing => $"peers out there get its default by {methods}, and what they send is lost",
            _ => $"peers out there may misread the bytes of {methods}",
        };
        string advice = RenamedTypes.Advice(_shipped.Find(today.Version.Alpn)!, today.Version, change.What)
            ?? change.Advice ?? $"undo it, and send a type of another name in a method that is [Since] {NewAlpn}";
        Add(ShippedDiagnostics.TypeChanged, OfMember(change, today), today, change, alpns => [alpns, NameOf(change, today), change.What, peers, advice]);
    }

    private void Tolerated(ShippedChange change, DescribedVersion today)
    {
        if (change.Type is null)
        {
            IMethodSymbol method = today.Methods[change.Method!];
            Add(ShippedDiagnostics.Addition, _places.OfMethod(method), today, change, alpns
                => [$"'{NameOf(method)}' {change.What}", alpns, "older peers get an RpcException without it"]);
            return;
        }

        string peers = today.Version.Types[change.Type].Form == ShippedForm.Enum
            ? "older peers see a number without a name"
            : "older peers skip it, and leave it at its default when they send";
        Add(ShippedDiagnostics.Addition, OfMember(change, today), today, change, alpns => [$"'{NameOf(change, today)}'", alpns, peers]);
    }

    private string NameOf(IMethodSymbol method) => $"{_contract.Name}.{method.Name}";

    private static string NameOf(ShippedChange change, DescribedVersion today)
    {
        string type = today.Types[change.Type!].ToDisplayString(TypeName);
        return change.Member is null || today.Version.Types[change.Type!].Form == ShippedForm.Union ? type : $"{type}.{change.Member}";
    }

    /// <summary>The member's place, or that of a method which reaches it where its type is of another project.</summary>
    private Location? OfMember(ShippedChange change, DescribedVersion today)
        => _places.OfMember(today.Types[change.Type!], change.Member) ?? _places.OfMethod(today.Methods[change.ReachedBy[0]]);

    private void Add(
        DiagnosticDescriptor descriptor,
        Location? place,
        DescribedVersion today,
        ShippedChange change,
        Func<string, object[]> arguments,
        ImmutableDictionary<string, string?>? properties = null)
        => _findings.Add(new ShippedFinding(descriptor, place, $"{change.Method} {change.What}", today.Version.Alpn, arguments, properties ?? _properties));

    private void Add(DiagnosticDescriptor descriptor, Location? place, string alpn, Func<string, object[]> arguments)
        => _findings.Add(new ShippedFinding(descriptor, place, alpn, alpn, arguments, _properties));
}
