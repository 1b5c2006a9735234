namespace IrohRpc;

/// <summary>
/// Names a method or a type on the wire, where its C# name does not do: to tell overloads apart, or to keep talking to older builds after a rename.
/// </summary>
/// <remarks>
/// A method's wire name is otherwise its C# name without <c>Async</c>, a type's its simple name. Method ids are made from both. A type that is written by
/// code of the user's counts by its name alone: whoever changes what that code writes changes the name with it.
/// </remarks>
/// <param name="name">The name: 1 to 255 bytes of UTF-8; a method's is unique in its contract.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Interface, Inherited = false)]
public sealed class WireNameAttribute(string name) : Attribute
{
    /// <summary>The name on the wire.</summary>
    public string Name { get; } = name;
}
