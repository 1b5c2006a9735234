namespace IrohRpc.Multiplexing.QMux;

/// <summary>The types of the frames that QMux adds to QUIC's (draft-ietf-quic-qmux).</summary>
internal static class QMuxFrameType
{
    /// <summary>QX_TRANSPORT_PARAMETERS, the first frame of each side and never sent again.</summary>
    public const long TransportParameters = 0x3f5153300d0a0d0a;

    /// <summary>QX_PING that asks for an answer.</summary>
    public const long PingRequest = 0x348c67529ef8c7bd;

    /// <summary>QX_PING that answers.</summary>
    public const long PingResponse = 0x348c67529ef8c7be;
}
