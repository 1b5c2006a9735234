using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>A value within another: a member, an element, an argument.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct PayloadPart
{
    /// <summary>Describes a part.</summary>
    /// <param name="shape">Its form on the wire; null for the number of a version-tolerant type that no member has.</param>
    /// <param name="allowsNull">Whether null may stand there.</param>
    /// <param name="name">Its name, for messages; empty for elements.</param>
    public PayloadPart(PayloadShape? shape, bool allowsNull = false, string name = "")
    {
        Shape = shape!;
        AllowsNull = allowsNull;
        Name = name;
    }

    internal PayloadShape Shape { get; }

    internal bool AllowsNull { get; }

    internal string Name { get; }
}
