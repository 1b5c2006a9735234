namespace IrohRpc.Generators.Shipped;

/// <summary>Compares one version as it shipped with the same version as the source has it today.</summary>
/// <remarks>
/// Both are graphs: methods lead to types, types to types. They are walked side by side from each method, so that types are told by where they stand and
/// not by the numbers behind their names.
/// </remarks>
internal sealed class VersionComparison
{
    private readonly ShippedVersion _shipped;
    private readonly ShippedVersion _current;
    private readonly List<ShippedChange> _changes = [];
    private readonly Dictionary<ShippedChange, List<string>> _typeChanges = [];

    private VersionComparison(ShippedVersion shipped, ShippedVersion current)
    {
        _shipped = shipped;
        _current = current;
    }

    /// <summary>All differences, in the order of the shipped methods.</summary>
    public static IReadOnlyList<ShippedChange> Compare(ShippedVersion shipped, ShippedVersion current)
        => new VersionComparison(shipped, current).Compare();

    private List<ShippedChange> Compare()
    {
        List<ShippedMethod> added = [.. _current.Methods.Values.Where(method => !_shipped.Methods.ContainsKey(method.Name))];
        foreach (ShippedMethod method in _shipped.Methods.Values)
        {
            if (_current.Methods.TryGetValue(method.Name, out ShippedMethod? today))
            {
                CompareMethods(method, today);
                continue;
            }

            ShippedMethod? renamed = added.Find(candidate => SignatureId(candidate) == SignatureId(method));
            added.Remove(renamed!);
            _changes.Add(new ShippedChange(
                ShippedChangeKind.MethodRemoved,
                renamed is null
                    ? $"has lost \"{method.Name}\", which shipped as {method.Signature}"
                    : $"is \"{renamed.Name}\" on the wire, and shipped as \"{method.Name}\"")
            {
                Method = method.Name,
                RenamedTo = renamed?.Name,
            });
        }

        _changes.AddRange(added.Select(method => new ShippedChange(ShippedChangeKind.MethodAdded, "is new") { Method = method.Name }));
        return [.. _changes, .. _typeChanges.Select(change => change.Key with { ReachedBy = change.Value })];
    }

    private static string SignatureId(ShippedMethod method) => method.Id.Substring(9);

    private void CompareMethods(ShippedMethod shipped, ShippedMethod current)
    {
        int before = _changes.Count;
        bool idDiffers = shipped.Id != current.Id;
        foreach (ShippedChange change in SignatureComparison.Compare(shipped, current, IsSame))
        {
            _changes.Add(change with { Method = current.Name });
        }

        var walk = new TypeWalk(_shipped, _current, IsSame, change => AddTypeChange(change, current.Name));
        bool signatureDiffers = _changes.Count > before;
        if (!signatureDiffers)
        {
            Consequence consequence = idDiffers ? Consequence.Refused : Consequence.Misread;
            foreach ((TypeExpression was, TypeExpression now) in shipped.Parameters.Append(shipped.Result)
                .Zip(current.Parameters.Append(current.Result), (was, now) => (was, now)))
            {
                walk.Compare(was, now, consequence, consequence);
            }
        }

        if (idDiffers && !signatureDiffers && !walk.FoundAny)
        {
            _changes.Add(new ShippedChange(ShippedChangeKind.MethodChanged, $"has the id {current.Id}, and shipped with {shipped.Id}") { Method = current.Name });
        }

        CompareFaults(shipped, current, walk);
    }

    private void CompareFaults(ShippedMethod shipped, ShippedMethod current, TypeWalk walk)
    {
        foreach (TypeExpression was in shipped.Faults)
        {
            if (current.Faults.FirstOrDefault(fault => IsSame(was, fault)) is { } now)
            {
                walk.Compare(was, now, Consequence.FaultLost, Consequence.Misread);
            }
            else
            {
                _changes.Add(new ShippedChange(ShippedChangeKind.MethodChanged, $"no longer declares the fault '{was.Text}'")
                {
                    Method = current.Name,
                    Consequence = Consequence.FaultLost,
                });
            }
        }

        foreach (TypeExpression now in current.Faults.Where(fault => !shipped.Faults.Any(was => IsSame(was, fault))))
        {
            _changes.Add(new ShippedChange(ShippedChangeKind.Tolerated, $"with the fault '{now.Text}'")
            {
                Method = current.Name,
                Consequence = Consequence.FaultLost,
            });
        }
    }

    /// <summary>Whether two expressions name the same types; what those are made of is not looked at.</summary>
    private bool IsSame(TypeExpression was, TypeExpression now)
        => was.BareName == now.BareName
            && _shipped.Types.ContainsKey(was.Text) == _current.Types.ContainsKey(now.Text)
            && was.Arguments.Count == now.Arguments.Count
            && was.Arguments.Zip(now.Arguments, IsSame).All(same => same);

    private void AddTypeChange(ShippedChange change, string method)
    {
        if (!_typeChanges.TryGetValue(change, out List<string>? methods))
        {
            _typeChanges.Add(change, methods = []);
        }

        if (!methods.Contains(method))
        {
            methods.Add(method);
        }
    }
}
