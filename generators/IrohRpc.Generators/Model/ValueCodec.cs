namespace IrohRpc.Generators.Model;

/// <summary>The quickest way that MemoryPack has to write and read a type.</summary>
internal enum ValueCodec
{
    /// <summary>By its formatter.</summary>
    Formatter,

    /// <summary>As the bytes that it has in memory.</summary>
    Unmanaged,

    /// <summary>As an array of elements that are copied as they stand; <c>byte[]</c> above all.</summary>
    UnmanagedArray,

    /// <summary>As a string.</summary>
    String,

    /// <summary>By the members that MemoryPack's generator gave it.</summary>
    Packable,
}
