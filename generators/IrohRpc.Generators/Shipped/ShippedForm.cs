namespace IrohRpc.Generators.Shipped;

/// <summary>How a type is written, as its line tells.</summary>
internal enum ShippedForm
{
    /// <summary><c>Name{A:i32}</c>: members in their order.</summary>
    Object,

    /// <summary><c>Name~{A@0:i32}</c>: members by number; may grow.</summary>
    VersionTolerant,

    /// <summary><c>Name^{A@0:i32}</c>: likewise, with references to objects that occur again.</summary>
    CircularReference,

    /// <summary><c>Name(A:i32)</c>: as it stands in memory.</summary>
    Struct,

    /// <summary><c>Name:i32{A=0}</c>.</summary>
    Enum,

    /// <summary><c>Name[0:A]</c>.</summary>
    Union,

    /// <summary><c>Name!</c>: by code of the user's.</summary>
    Custom,
}
