namespace IrohRpc;

/// <summary>
/// Names a method on the wire, where its C# name without <c>Async</c> does not do: to tell overloads apart, or to keep talking to older
/// builds after a rename.
/// </summary>
/// <param name="name">The name: 1 to 255 bytes of UTF-8, unique in the contract.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WireNameAttribute(string name) : Attribute
{
    /// <summary>The name on the wire.</summary>
    public string Name { get; } = name;
}
