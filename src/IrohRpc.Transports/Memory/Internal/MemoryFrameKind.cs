using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>What one end of a memory connection says to the other.</summary>
internal enum MemoryFrameKind : byte
{
    /// <summary>The dialler's first word; the payload is a <see cref="MemoryHello"/>.</summary>
    Hello,

    /// <summary>The acceptor agrees; the payload is a <see cref="MemoryWelcome"/>.</summary>
    Welcome,

    /// <summary>The acceptor turns the dialler away; the payload is the <see cref="PeerErrorKind"/> and a sentence.</summary>
    Reject,

    /// <summary>The dialler is content with who answered: the handshake is done.</summary>
    Finished,

    /// <summary>The dialler gave up during the handshake.</summary>
    GiveUp,

    /// <summary>Bytes of a stream, and perhaps its end.</summary>
    Data,

    /// <summary>The writing side ended the stream abruptly; the value is the code.</summary>
    Reset,

    /// <summary>The reading side wants no more; the value is the code.</summary>
    StopSending,

    /// <summary>The reading side read so many bytes of the stream, so that as many more may be sent.</summary>
    StreamCredit,

    /// <summary>So many bytes of the connection were read, so that as many more may be sent.</summary>
    ConnectionCredit,

    /// <summary>So many more streams of the kind that the stream id says may be opened.</summary>
    OpenCredit,

    /// <summary>A sign of life.</summary>
    Ping,

    /// <summary>The connection is closed; the value is the code, the payload the reason.</summary>
    Close,
}
