namespace IrohRpc.Hostile;

/// <summary>What a caller knows of its transfer.</summary>
internal enum TransferOutcome
{
    Acknowledged,

    /// <summary>It failed, and certainly was not applied.</summary>
    NotStarted,

    /// <summary>It failed, and may have been applied.</summary>
    Unknown,

    /// <summary>It arrived with another transfer's note, or was answered with another's number.</summary>
    Crossed,
}
