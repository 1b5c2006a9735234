namespace IrohRpc.Payloads;

/// <summary>The forms that a value has on the wire.</summary>
internal enum ShapeKind
{
    /// <summary>Bytes of a known count, all of whose values mean something.</summary>
    Fixed,

    /// <summary>Bytes of a known count, some of whose values mean nothing.</summary>
    CheckedFixed,

    /// <summary>A string, in UTF-8 or UTF-16.</summary>
    Text,

    /// <summary>The characters of a <see cref="System.Text.StringBuilder"/>.</summary>
    Characters,

    /// <summary>The bytes of a <see cref="System.Numerics.BigInteger"/>.</summary>
    BigInteger,

    /// <summary>The words of a <see cref="System.Collections.BitArray"/>.</summary>
    BitArray,

    /// <summary>A <c>bool[]</c> in words of 32 bits.</summary>
    PackedBits,

    /// <summary>The four numbers of a <see cref="System.Version"/>.</summary>
    Version,

    /// <summary>The number of an object that a peer passes.</summary>
    ObjectNumber,

    /// <summary>A count, then so many elements.</summary>
    List,

    /// <summary>The lengths of several dimensions, then a list.</summary>
    Grid,

    /// <summary>Parts without a header of their own.</summary>
    Row,

    /// <summary>A count of members, then these.</summary>
    Object,

    /// <summary>A count of members, their lengths, then these: members may be missing or unknown.</summary>
    Tolerant,

    /// <summary>As tolerant, with a number by which the object can stand in other places.</summary>
    Circular,

    /// <summary>A tag, then the value of that case.</summary>
    Union,

    /// <summary>What only code of the user's can read.</summary>
    Opaque,
}
