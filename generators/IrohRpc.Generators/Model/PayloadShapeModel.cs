namespace IrohRpc.Generators.Model;

/// <summary>The form of one type on the wire, as generated code declares it.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Comment">The type, for readers.</param>
/// <param name="Creation">The expression that makes the shape without its parts.</param>
/// <param name="Parts">The calls that add its parts, such as <c>.With(…)</c>; empty where it has none.</param>
internal sealed record PayloadShapeModel(string Name, string Comment, string Creation, string Parts)
{
    /// <summary>Whether it is a struct that may have bytes which belong to no field.</summary>
    public bool IsPadded { get; init; }
}
