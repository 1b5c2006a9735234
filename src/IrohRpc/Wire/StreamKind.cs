namespace IrohRpc.Wire;

/// <summary>What a stream is for, as its second byte says; see docs/protocol.md.</summary>
internal enum StreamKind : byte
{
    Lane = 0x00,
    Call = 0x01,
    Answer = 0x02,
    Channel = 0x03,
}
