namespace IrohRpc.Multiplexing.Streams;

/// <summary>The states of the receiving part of a stream (RFC 9000, section 3.2).</summary>
internal enum ReceiveState
{
    /// <summary>More may come.</summary>
    Receiving,

    /// <summary>The end has come. Everything has arrived with it, since frames arrive in order.</summary>
    SizeKnown,

    /// <summary>The application has read to the end, or will not read it.</summary>
    DataRead,

    /// <summary>The peer gave up sending.</summary>
    Reset,
}
