namespace IrohRpc.Generators.Shipped;

/// <summary>Compares the members of a type as they shipped with those of today.</summary>
/// <param name="was">The type as it shipped.</param>
/// <param name="now">The type today, of the same form.</param>
/// <param name="isTolerant">Whether it stands below a type that tolerates versions.</param>
/// <param name="isSame">Whether two members' types have the same names.</param>
internal sealed class MemberComparison(ShippedType was, ShippedType now, bool isTolerant, Func<string, string, bool> isSame)
{
    private const string NumberStays = "undo it: a number stays with its member, and what is new takes the next";

    /// <summary>The members that are the same on the wire, so that what they are made of can be compared.</summary>
    public IEnumerable<(ShippedMember Was, ShippedMember Now)> Pairs()
        => from before in was.Members
           from after in now.Members
           where before.Number == after.Number && before.Name == after.Name && isSame(before.Value, after.Value)
           select (before, after);

    public IEnumerable<MemberDifference> Compare() => was.Form switch
    {
        ShippedForm.VersionTolerant or ShippedForm.CircularReference => CompareNumbers(),
        ShippedForm.Enum => CompareEnum(),
        ShippedForm.Union => CompareUnion(),
        _ => CompareOrder(),
    };

    private ShippedMember? Today(string name) => now.Members.FirstOrDefault(member => member.Name == name);

    private bool Shipped(string name) => was.Members.Any(member => member.Name == name);

    private IEnumerable<MemberDifference> CompareNumbers()
    {
        foreach (ShippedMember before in was.Members)
        {
            ShippedMember? after = now.Members.FirstOrDefault(member => member.Number == before.Number);
            if (Today(before.Name) is { } moved && moved.Number != before.Number)
            {
                yield return new MemberDifference(moved.Name, $"has number {moved.Number}, and shipped with {before.Number}") { Advice = NumberStays };
            }
            else if (after is null)
            {
                yield return new MemberDifference(null, $"has lost '{before.Name}', its number {before.Number}")
                {
                    Consequence = Consequence.Missing,
                    Advice = "put it back: a member of a type that tolerates versions stays, used or not",
                };
            }
            else if (after.Name != before.Name && !Shipped(after.Name))
            {
                yield return new MemberDifference(after.Name, $"has number {after.Number}, which shipped for '{before.Name}'")
                {
                    Advice = $"give it the next number; where it is the same by another name, give it that name in {ShippedText.FileName}",
                };
            }
            else if (after.Name == before.Name && !isSame(before.Value, after.Value))
            {
                yield return Retyped(after, before) with { Advice = NumberStays };
            }
        }

        int last = was.Members.Select(member => member.Number ?? 0).DefaultIfEmpty(-1).Max();
        foreach (ShippedMember added in now.Members.Where(member
            => !Shipped(member.Name) && was.Members.All(before => before.Number != member.Number)))
        {
            yield return added.Number > last
                ? new MemberDifference(added.Name, "a member") { Consequence = Consequence.None }
                : new MemberDifference(added.Name, $"is new with number {added.Number}, and what is new comes behind number {last}") { Advice = NumberStays };
        }
    }

    private IEnumerable<MemberDifference> CompareOrder()
    {
        List<ShippedMember> lost = [.. was.Members.Where(member => Today(member.Name) is null)];
        List<ShippedMember> added = [.. now.Members.Where(member => !Shipped(member.Name))];
        foreach (ShippedMember before in lost)
        {
            ShippedMember? renamed = added.Find(member => IndexOf(now, member) == IndexOf(was, before) && isSame(before.Value, member.Value));
            added.Remove(renamed!);
            yield return renamed is null
                ? new MemberDifference(null, $"has lost its member '{before.Name}'")
                : new MemberDifference(renamed.Name, $"shipped as '{before.Name}'");
        }

        foreach (ShippedMember member in added)
        {
            yield return new MemberDifference(member.Name, "is new in a type that cannot grow");
        }

        List<ShippedMember> stayed = [.. now.Members.Where(member => Shipped(member.Name))];
        List<string> order = [.. was.Members.Select(member => member.Name).Where(name => Today(name) is not null)];
        int misplaced = stayed.FindIndex(member => order[stayed.IndexOf(member)] != member.Name);
        if (misplaced >= 0)
        {
            yield return new MemberDifference(stayed[misplaced].Name, $"stands where '{order[misplaced]}' shipped");
        }

        foreach (ShippedMember after in stayed)
        {
            ShippedMember before = was.Members.First(member => member.Name == after.Name);
            if (!isSame(before.Value, after.Value))
            {
                yield return Retyped(after, before);
            }
        }
    }

    private IEnumerable<MemberDifference> CompareEnum()
    {
        foreach (ShippedMember before in was.Members)
        {
            ShippedMember? after = Today(before.Name);
            if (after is null)
            {
                yield return new MemberDifference(null, $"has lost its member '{before.Name}' = {before.Value}");
            }
            else if (after.Value != before.Value)
            {
                yield return new MemberDifference(after.Name, $"is {after.Value}, and shipped as {before.Value}");
            }
        }

        foreach (ShippedMember added in now.Members.Where(member => !Shipped(member.Name)))
        {
            // Below a type that tolerates versions no id covers it: the bytes are those of any other value.
            yield return isTolerant
                ? new MemberDifference(added.Name, "a value") { Consequence = Consequence.None }
                : new MemberDifference(added.Name, "is a new value of an enum that is part of its methods' ids");
        }
    }

    private IEnumerable<MemberDifference> CompareUnion()
    {
        foreach (ShippedMember before in was.Members)
        {
            ShippedMember? after = Today(before.Name);
            if (after is null)
            {
                ShippedMember? moved = now.Members.FirstOrDefault(member => !Shipped(member.Name) && isSame(before.Value, member.Value));
                yield return moved is null
                    ? new MemberDifference(null, $"has lost the case {before.Name}, '{before.Value}'")
                    : new MemberDifference(moved.Name, $"has '{before.Value}' with tag {moved.Name}, and shipped it with {before.Name}");
            }
            else if (!isSame(before.Value, after.Value))
            {
                yield return new MemberDifference(after.Name, $"has '{after.Value}' with tag {after.Name}, which shipped for '{before.Value}'");
            }
        }

        foreach (ShippedMember added in now.Members.Where(member
            => !Shipped(member.Name) && !was.Members.Any(before => Today(before.Name) is null && isSame(before.Value, member.Value))))
        {
            yield return new MemberDifference(added.Name, $"has a new case {added.Name}, '{added.Value}', which older peers cannot read");
        }
    }

    private static MemberDifference Retyped(ShippedMember after, ShippedMember before)
        => new(after.Name, $"is written as {after.Value}, and shipped as {before.Value}");

    private static int IndexOf(ShippedType type, ShippedMember member) => type.Members.ToList().IndexOf(member);
}
