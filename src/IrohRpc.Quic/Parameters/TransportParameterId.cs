using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Parameters;

/// <summary>The ids of transport parameters (RFC 9000, section 18.2, and its extensions).</summary>
internal static class TransportParameterId
{
    public const long OriginalDestinationConnectionId = 0x00;
    public const long StatelessResetToken = 0x02;
    public const long MaxUdpPayloadSize = 0x03;
    public const long AckDelayExponent = 0x0a;
    public const long MaxAckDelay = 0x0b;
    public const long DisableActiveMigration = 0x0c;
    public const long PreferredAddress = 0x0d;
    public const long ActiveConnectionIdLimit = 0x0e;
    public const long InitialSourceConnectionId = 0x0f;
    public const long RetrySourceConnectionId = 0x10;

    /// <summary>RFC 9221.</summary>
    public const long MaxDatagramFrameSize = 0x20;

    /// <summary>draft-ietf-quic-ack-frequency; in microseconds. It is checked and otherwise ignored.</summary>
    public const long MinAckDelay = 0xff04de1b;

    // Those that QMux has as well stand in CommonParameters.

    // Those of extensions without an RFC stand in ExtensionNumbers.
}
