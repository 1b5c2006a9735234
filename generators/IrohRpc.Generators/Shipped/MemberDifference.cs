namespace IrohRpc.Generators.Shipped;

/// <summary>A difference between two layouts of a type.</summary>
/// <param name="Member">The member of today that it is about, or null where that is gone.</param>
/// <param name="What">The rest of a sentence that begins with the member, or with the type.</param>
/// <param name="IsTolerated">Whether older peers do not notice.</param>
internal sealed record MemberDifference(string? Member, string What, bool IsTolerated = false);
