using System.Security.Cryptography;
using IrohRpc.Multiplexing.Parameters;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Parameters;

/// <summary>Writes transport parameters as the content of the quic_transport_parameters extension.</summary>
internal static class TransportParametersWriter
{
    private const int MaxLength = 512;

    /// <summary>Writes the parameters; one that has its default value is left out.</summary>
    public static byte[] Write(TransportParameters parameters)
    {
        Span<byte> buffer = stackalloc byte[MaxLength];
        var writer = new FrameWriter(buffer);
        CommonParameters.Write(ref writer, CommonParameters.MaxIdleTimeout, parameters.MaxIdleTimeout, 0);
        CommonParameters.Write(ref writer, TransportParameterId.MaxUdpPayloadSize, parameters.MaxUdpPayloadSize, TransportParameters.DefaultMaxUdpPayloadSize);
        CommonParameters.Write(ref writer, parameters.Limits);
        CommonParameters.Write(ref writer, TransportParameterId.AckDelayExponent, parameters.AckDelayExponent, 3);
        CommonParameters.Write(ref writer, TransportParameterId.MaxAckDelay, parameters.MaxAckDelay, 25);
        CommonParameters.Write(ref writer, TransportParameterId.ActiveConnectionIdLimit, parameters.ActiveConnectionIdLimit, 2);
        CommonParameters.Write(ref writer, TransportParameterId.MaxDatagramFrameSize, parameters.MaxDatagramFrameSize, 0);
        Write(ref writer, TransportParameterId.OriginalDestinationConnectionId, parameters.OriginalDestinationConnectionId);
        Write(ref writer, TransportParameterId.InitialSourceConnectionId, parameters.InitialSourceConnectionId);
        Write(ref writer, TransportParameterId.RetrySourceConnectionId, parameters.RetrySourceConnectionId);
        if (parameters.StatelessResetToken is { } token)
        {
            writer.Write(TransportParameterId.StatelessResetToken);
            writer.Write(StatelessReset.TokenLength);
            token.CopyTo(writer.Free);
            writer.Advance(StatelessReset.TokenLength);
        }

        if (parameters.InitialMaxPathId is { } maxPathId)
        {
            writer.Write(ExtensionNumbers.InitialMaxPathId);
            writer.Write(VariableLengthInteger.LengthOf(maxPathId));
            writer.Write(maxPathId);
        }

        if (parameters.MaxRemoteAddresses > 0)
        {
            writer.Write(ExtensionNumbers.NatTraversal);
            writer.WriteBytes([(byte)parameters.MaxRemoteAddresses]);
        }

        if (parameters.ReportsAddresses || parameters.WantsObservedAddress)
        {
            writer.Write(ExtensionNumbers.AddressDiscovery);
            writer.WriteBytes([(byte)(!parameters.WantsObservedAddress ? 0 : parameters.ReportsAddresses ? 2 : 1)]);
        }

        if (parameters.DisableActiveMigration)
        {
            writer.Write(TransportParameterId.DisableActiveMigration);
            writer.Write(0);
        }

        WriteReserved(ref writer);
        return buffer[..writer.Written].ToArray();
    }

    // A reserved parameter keeps peers used to ones that they do not know (RFC 9000, section 18.1).
    private static void WriteReserved(ref FrameWriter writer)
    {
        Span<byte> random = stackalloc byte[12];
        RandomNumberGenerator.Fill(random);
        // Its length is the same each time, so that a simulated connection does the same each time.
        writer.Write((31L * (BitConverter.ToUInt32(random) | 0x8000_0000L)) + 27);
        writer.WriteBytes(random[4..]);
    }

    private static void Write(ref FrameWriter writer, long id, ConnectionId? connectionId)
    {
        if (connectionId is { } value)
        {
            writer.Write(id);
            writer.WriteBytes(value.Span);
        }
    }
}
