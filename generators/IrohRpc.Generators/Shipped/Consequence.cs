namespace IrohRpc.Generators.Shipped;

/// <summary>What a peer out there sees of a change.</summary>
internal enum Consequence
{
    /// <summary>Calls end in <c>Unimplemented</c>, because the ids differ.</summary>
    Refused,

    /// <summary>The ids agree and the bytes do not.</summary>
    Misread,

    /// <summary>The default stands where a value is expected.</summary>
    Missing,

    /// <summary>A fault arrives as an exception without its type.</summary>
    FaultLost,

    /// <summary>Nothing that it does not skip.</summary>
    None,
}
