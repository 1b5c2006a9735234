using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>What stands at the end of a <see cref="MemoryPath"/>.</summary>
internal interface IMemoryReceiver
{
    /// <summary>Takes one frame and the ownership of its buffer. Called one frame at a time, without any lock held; never throws.</summary>
    /// <param name="frame">The frame.</param>
    /// <returns>Whether the receiver is alive, so that the sender hears from it; false where it has ended.</returns>
    bool Receive(in MemoryFrame frame);

    /// <summary>The other end got something of ours and says so. Called without any lock held.</summary>
    void Heard();

    /// <summary>The link is gone, without a goodbye. Called without any lock held.</summary>
    void Lost();
}
