namespace IrohRpc.Wire;

/// <summary>The types of frames; see docs/protocol.md.</summary>
internal enum FrameType : byte
{
    Request = 0x00,
    Notification = 0x01,
    Response = 0x02,
    Failure = 0x03,
    Cancel = 0x04,
    Item = 0x05,
    Bytes = 0x06,
    Progress = 0x07,
    End = 0x08,
    Release = 0x09,
    GoAway = 0x0a,
    Turn = 0x0b,
    Collect = 0x0c,
    Stop = 0x0d,
}
