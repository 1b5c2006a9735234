namespace IrohRpc.Generators.Shipped;

/// <summary>One difference between what shipped and what the source says today.</summary>
/// <param name="Kind">What kind of difference.</param>
/// <param name="What">What differs, as the rest of a sentence that begins with its name.</param>
internal sealed record ShippedChange(ShippedChangeKind Kind, string What)
{
    /// <summary>The index of <see cref="Parameter"/> that means the result.</summary>
    public const int Result = -1;

    /// <summary>What a peer sees of it.</summary>
    public Consequence Consequence { get; init; }

    /// <summary>The wire name of the method that differs today, or that shipped and is gone.</summary>
    public string? Method { get; init; }

    /// <summary>The wire name that the method has now, where it has another.</summary>
    public string? RenamedTo { get; init; }

    /// <summary>The parameter among those that travel, <see cref="Result"/>, or null for the method as a whole.</summary>
    public int? Parameter { get; init; }

    /// <summary>The type that differs, by its name of today.</summary>
    public string? Type { get; init; }

    /// <summary>Its member of today, or null where it is gone or the whole type is meant.</summary>
    public string? Member { get; init; }

    /// <summary>What to do, where the kind of the change does not say it.</summary>
    public string? Advice { get; init; }

    /// <summary>For a type, the methods that reach it.</summary>
    public IReadOnlyList<string> ReachedBy { get; init; } = [];
}
