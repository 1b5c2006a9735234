namespace IrohRpc.Gossip.Calls;

/// <summary>Takes the calls that arrive in a topic.</summary>
internal interface ITopicListener
{
    /// <summary>Takes a message that is a call. Returns at once.</summary>
    void Receive(ReadOnlyMemory<byte> content);

    /// <summary>The topic was left.</summary>
    void End();
}
