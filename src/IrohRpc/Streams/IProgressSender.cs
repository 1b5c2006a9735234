namespace IrohRpc.Streams;

/// <summary>Something that may hold a last report of progress.</summary>
internal interface IProgressSender
{
    /// <summary>Sends what is held: the call is about to end.</summary>
    void SendHeld();
}
