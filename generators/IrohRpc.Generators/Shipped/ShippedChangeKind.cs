namespace IrohRpc.Generators.Shipped;

/// <summary>What becomes of something that shipped.</summary>
internal enum ShippedChangeKind
{
    /// <summary>A method's own signature differs.</summary>
    MethodChanged,

    /// <summary>A method is gone, or has another name on the wire.</summary>
    MethodRemoved,

    /// <summary>A method is new in a version that shipped without it.</summary>
    MethodAdded,

    /// <summary>A type that a method reaches has another layout.</summary>
    TypeChanged,

    /// <summary>Something is new that older peers do not notice.</summary>
    Tolerated,
}
