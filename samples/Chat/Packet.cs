namespace Chat;

/// <summary>The first byte of what goes over a topic.</summary>
internal enum Packet : byte
{
    /// <summary>A signed message, for everybody.</summary>
    Message = 1,

    /// <summary>Asks the neighbours for what was said before.</summary>
    HistoryRequest = 2,

    /// <summary>A signed message from before, for the neighbours.</summary>
    History = 3,
}
