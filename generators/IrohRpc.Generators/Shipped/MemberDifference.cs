namespace IrohRpc.Generators.Shipped;

/// <summary>A difference between two layouts of a type.</summary>
/// <param name="Member">The member of today that it is about, or null where that is gone.</param>
/// <param name="What">The rest of a sentence that begins with the member, or with the type.</param>
internal sealed record MemberDifference(string? Member, string What)
{
    /// <summary>What peers see of it where that is not what they see of any change to the type.</summary>
    public Consequence? Consequence { get; init; }

    /// <summary>What to do where that is not what to do about any change to a type.</summary>
    public string? Advice { get; init; }
}
