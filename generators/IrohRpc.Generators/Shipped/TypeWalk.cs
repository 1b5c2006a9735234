namespace IrohRpc.Generators.Shipped;

/// <summary>Compares the types that one method reaches, as they shipped and as they are, side by side.</summary>
internal sealed class TypeWalk(
    ShippedVersion shipped, ShippedVersion current, Func<TypeExpression, TypeExpression, bool> isSame, Action<ShippedChange> found)
{
    private readonly HashSet<(string Was, string Now, Consequence Consequence)> _visited = [];
    private Consequence _inTolerant;
    private string _type = "";

    /// <summary>Whether there was a difference that peers notice.</summary>
    public bool FoundAny { get; private set; }

    /// <summary>Compares what two expressions of the same names lead to.</summary>
    /// <param name="was">What shipped.</param>
    /// <param name="now">What the source says.</param>
    /// <param name="consequence">What a peer sees of a difference.</param>
    /// <param name="inTolerant">What it sees of one below a type that tolerates versions, which no id covers.</param>
    public void Compare(TypeExpression was, TypeExpression now, Consequence consequence, Consequence inTolerant)
    {
        _inTolerant = inTolerant;
        Visit(was, now, consequence, isTolerant: false);
    }

    private void Visit(TypeExpression was, TypeExpression now, Consequence consequence, bool isTolerant)
    {
        foreach ((TypeExpression first, TypeExpression second) in was.Arguments.Zip(now.Arguments, (first, second) => (first, second)))
        {
            Visit(first, second, consequence, isTolerant);
        }

        if (shipped.Types.TryGetValue(was.Text, out ShippedType? before)
            && current.Types.TryGetValue(now.Text, out ShippedType? after)
            && _visited.Add((was.Text, now.Text, isTolerant ? Consequence.None : consequence)))
        {
            CompareTypes(before, after, consequence, isTolerant);
        }
    }

    private void CompareTypes(ShippedType was, ShippedType now, Consequence consequence, bool isTolerant)
    {
        string outer = _type;
        _type = now.Name;
        if (was.Form != now.Form)
        {
            Found(consequence, null, $"is {Describe(now.Form)}, and shipped as {Describe(was.Form)}");
        }
        else
        {
            if (was.Detail != now.Detail)
            {
                Found(consequence, null, was.Form == ShippedForm.Enum
                    ? $"is an enum of {now.Detail}, and shipped as one of {was.Detail}"
                    : $"is laid out in memory as '{Layout(now.Detail)}', and shipped as '{Layout(was.Detail)}'");
            }

            bool below = isTolerant || was.Form is ShippedForm.VersionTolerant or ShippedForm.CircularReference;
            Consequence own = below ? _inTolerant : consequence;
            var members = new MemberComparison(was, now, isTolerant, IsSameValue);
            foreach (MemberDifference difference in members.Compare())
            {
                Found(difference.Consequence ?? own, difference.Member, difference.What, difference.Advice);
            }

            if (was.Form != ShippedForm.Enum)
            {
                foreach ((ShippedMember first, ShippedMember second) in members.Pairs())
                {
                    Visit(TypeExpression.Parse(first.Value)!, TypeExpression.Parse(second.Value)!, own, below);
                }
            }
        }

        _type = outer;
    }

    private void Found(Consequence consequence, string? member, string what, string? advice = null)
    {
        FoundAny |= consequence != Consequence.None;
        found(new ShippedChange(consequence == Consequence.None ? ShippedChangeKind.Tolerated : ShippedChangeKind.TypeChanged, what)
        {
            Consequence = consequence,
            Type = _type,
            Member = member,
            Advice = advice,
        });
    }

    private bool IsSameValue(string was, string now)
        => TypeExpression.Parse(was) is { } first && TypeExpression.Parse(now) is { } second && isSame(first, second);

    private static string Layout(string detail) => detail.Length == 0 ? "sequential" : detail;

    private static string Describe(ShippedForm form) => form switch
    {
        ShippedForm.Object => "a plain object",
        ShippedForm.VersionTolerant => "a version-tolerant object",
        ShippedForm.CircularReference => "an object with circular references",
        ShippedForm.Struct => "a struct that is copied as it stands in memory",
        ShippedForm.Enum => "an enum",
        ShippedForm.Union => "a union",
        _ => "a type with a formatter of its own",
    };
}
