namespace IrohRpc.Generators.Shipped;

/// <summary>A line that cannot be read.</summary>
/// <param name="Line">The index of the line.</param>
/// <param name="Reason">The rest of a sentence that begins with the line's number.</param>
internal sealed record ShippedProblem(int Line, string Reason);
