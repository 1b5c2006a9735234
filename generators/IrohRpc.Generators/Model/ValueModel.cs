namespace IrohRpc.Generators.Model;

/// <summary>A value that MemoryPack writes: an argument, a result, an item, a report or a fault.</summary>
/// <param name="Type">The type as code writes it, with its nullable annotation.</param>
/// <param name="BareType">The same without the outermost annotation of a reference type, for type arguments.</param>
/// <param name="ElementType">The type of an array's elements, as code writes it; null for what is none.</param>
/// <param name="Codec">How it is written.</param>
/// <param name="Null">What becomes of a null that arrives.</param>
internal sealed record ValueModel(string Type, string BareType, string? ElementType, ValueCodec Codec, NullRule Null)
{
    /// <summary>The shape of the value on the wire as code within the shapes' class writes it; null where it needs no check.</summary>
    public string? Shape { get; init; }

    /// <summary>The call that looks at the value before it is written, with <c>{0}</c> in its place; null where it needs none.</summary>
    public string? Walk { get; init; }
}
