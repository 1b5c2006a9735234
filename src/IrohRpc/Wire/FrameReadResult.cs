namespace IrohRpc.Wire;

/// <summary>What <see cref="FrameReader.TryRead"/> found.</summary>
internal enum FrameReadResult
{
    /// <summary>The next frame has not arrived in full.</summary>
    Incomplete,

    /// <summary>A frame.</summary>
    Frame,

    /// <summary>A frame over the limit. It is skipped; its beginning is there to tell whose it was.</summary>
    TooLong,

    /// <summary>A frame of a type that this build does not know. It is skipped.</summary>
    Unknown,

    /// <summary>The bytes cannot be followed any further.</summary>
    Broken,
}
