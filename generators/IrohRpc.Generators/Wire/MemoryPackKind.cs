namespace IrohRpc.Generators.Wire;

/// <summary>How MemoryPack writes an annotated type.</summary>
internal enum MemoryPackKind
{
    /// <summary>Member count, then the members in order.</summary>
    Object,

    /// <summary>The bytes that the struct has in memory, whatever its annotations say of its members.</summary>
    Unmanaged,

    /// <summary>Lengths per member, so that versions with more or fewer tags read each other.</summary>
    VersionTolerant,

    /// <summary>As version-tolerant, with numbers for objects that occur again.</summary>
    CircularReference,

    /// <summary>A tag, then the object of that case.</summary>
    Union,

    /// <summary>The count of elements, then the elements.</summary>
    Collection,

    /// <summary>By code that the user wrote: only the type's name is known.</summary>
    Custom,
}
