using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Parameters;

/// <summary>Reads the content of the quic_transport_parameters extension. Everything in it is the peer's, and nothing of it is trusted.</summary>
internal ref struct TransportParametersReader
{
    // Parameters that are known to the reader have one bit each, to find the second one of a kind.
    private const int MaxDatagramFrameSizeBit = 0x20;
    private const int MinAckDelayBit = 0x21;
    private const int InitialMaxPathIdBit = 0x22;
    private const int NatTraversalBit = 0x23;
    private const int AddressDiscoveryBit = 0x24;

    private readonly bool _isFromServer;
    private ReadOnlySpan<byte> _rest;
    private ulong _seen;

    private TransportParametersReader(ReadOnlySpan<byte> content, bool isFromServer)
    {
        _rest = content;
        _isFromServer = isFromServer;
    }

    /// <summary>Reads the parameters.</summary>
    /// <param name="content">The extension's content.</param>
    /// <param name="isFromServer">Whether a server sent them: some are a server's only.</param>
    /// <exception cref="TransportViolationException">TRANSPORT_PARAMETER_ERROR.</exception>
    public static TransportParameters Read(ReadOnlySpan<byte> content, bool isFromServer)
        => new TransportParametersReader(content, isFromServer).ReadAll();

    private TransportParameters ReadAll()
    {
        var parameters = new TransportParameters();
        var limits = new StreamLimits();
        long minAckDelay = 0;
        while (!_rest.IsEmpty)
        {
            long id = ReadInteger(ref _rest);
            long length = ReadInteger(ref _rest);
            if (length > _rest.Length)
            {
                throw Violation("a transport parameter is cut off");
            }

            ReadOnlySpan<byte> value = _rest[..(int)length];
            _rest = _rest[(int)length..];
            switch (id)
            {
                case TransportParameterId.InitialMaxData:
                    limits = limits with { MaxData = ReadValue(value) };
                    break;
                case TransportParameterId.InitialMaxStreamDataBidirectionalLocal:
                    limits = limits with { MaxStreamDataBidirectionalLocal = ReadValue(value) };
                    break;
                case TransportParameterId.InitialMaxStreamDataBidirectionalRemote:
                    limits = limits with { MaxStreamDataBidirectionalRemote = ReadValue(value) };
                    break;
                case TransportParameterId.InitialMaxStreamDataUnidirectional:
                    limits = limits with { MaxStreamDataUnidirectional = ReadValue(value) };
                    break;
                case TransportParameterId.InitialMaxStreamsBidirectional:
                    limits = limits with { MaxStreamsBidirectional = ReadRange(value, 0, StreamId.MaxCount, "initial_max_streams_bidi") };
                    break;
                case TransportParameterId.InitialMaxStreamsUnidirectional:
                    limits = limits with { MaxStreamsUnidirectional = ReadRange(value, 0, StreamId.MaxCount, "initial_max_streams_uni") };
                    break;
                case TransportParameterId.MinAckDelay:
                    minAckDelay = ReadValue(value);
                    break;
                default:
                    if (!TryRead(id, value, ref parameters))
                    {
                        // Unknown ones are ignored, and not remembered: a list of them would be the peer's to grow.
                        continue;
                    }

                    break;
            }

            ulong bit = 1UL << (id switch
            {
                TransportParameterId.MinAckDelay => MinAckDelayBit,
                TransportParameterId.MaxDatagramFrameSize => MaxDatagramFrameSizeBit,
                ExtensionNumbers.InitialMaxPathId => InitialMaxPathIdBit,
                ExtensionNumbers.NatTraversal => NatTraversalBit,
                ExtensionNumbers.AddressDiscovery => AddressDiscoveryBit,
                _ => (int)id,
            });
            if ((_seen & bit) != 0)
            {
                throw Violation($"transport parameter 0x{id:x} is there twice");
            }

            _seen |= bit;
        }

        if (minAckDelay > parameters.MaxAckDelay * 1000L)
        {
            throw Violation("min_ack_delay is above max_ack_delay");
        }

        return parameters with { Limits = limits };
    }

    private readonly bool TryRead(long id, ReadOnlySpan<byte> value, ref TransportParameters parameters)
    {
        switch (id)
        {
            case TransportParameterId.OriginalDestinationConnectionId:
                RequireServer(id);
                parameters = parameters with { OriginalDestinationConnectionId = ReadConnectionId(value) };
                return true;
            case TransportParameterId.MaxIdleTimeout:
                parameters = parameters with { MaxIdleTimeout = ReadValue(value) };
                return true;
            case TransportParameterId.StatelessResetToken:
                RequireServer(id);
                parameters = parameters with { StatelessResetToken = ReadToken(value) };
                return true;
            case TransportParameterId.MaxUdpPayloadSize:
                parameters = parameters with
                {
                    MaxUdpPayloadSize = ReadRange(value, TransportParameters.MinUdpPayloadSize, long.MaxValue, "max_udp_payload_size"),
                };
                return true;
            case TransportParameterId.AckDelayExponent:
                parameters = parameters with { AckDelayExponent = (int)ReadRange(value, 0, 20, "ack_delay_exponent") };
                return true;
            case TransportParameterId.MaxAckDelay:
                parameters = parameters with { MaxAckDelay = (int)ReadRange(value, 0, (1 << 14) - 1, "max_ack_delay") };
                return true;
            case TransportParameterId.DisableActiveMigration:
                parameters = value.IsEmpty
                    ? parameters with { DisableActiveMigration = true }
                    : throw Violation("disable_active_migration has a value");
                return true;
            case TransportParameterId.PreferredAddress:
                RequireServer(id);
                CheckPreferredAddress(value);
                return true;
            case TransportParameterId.ActiveConnectionIdLimit:
                parameters = parameters with { ActiveConnectionIdLimit = ReadRange(value, 2, long.MaxValue, "active_connection_id_limit") };
                return true;
            case TransportParameterId.InitialSourceConnectionId:
                parameters = parameters with { InitialSourceConnectionId = ReadConnectionId(value) };
                return true;
            case TransportParameterId.RetrySourceConnectionId:
                RequireServer(id);
                parameters = parameters with { RetrySourceConnectionId = ReadConnectionId(value) };
                return true;
            case TransportParameterId.MaxDatagramFrameSize:
                parameters = parameters with { MaxDatagramFrameSize = ReadValue(value) };
                return true;
            case ExtensionNumbers.InitialMaxPathId:
                parameters = parameters with { InitialMaxPathId = ReadRange(value, 0, uint.MaxValue, "initial_max_path_id") };
                return true;
            case ExtensionNumbers.NatTraversal:
                parameters = parameters with
                {
                    // A raw byte and no variable-length integer.
                    MaxRemoteAddresses = value is [> 0] ? value[0] : throw Violation("the parameter of NAT traversal is not one byte above zero"),
                };
                return true;
            case ExtensionNumbers.AddressDiscovery:
                long role = ReadRange(value, 0, 2, "the role in address discovery");
                parameters = parameters with { ReportsAddresses = role != 1, WantsObservedAddress = role != 0 };
                return true;
            default:
                return false;
        }
    }

    private readonly void RequireServer(long id)
    {
        if (!_isFromServer)
        {
            throw Violation($"a client sent transport parameter 0x{id:x}, which is a server's");
        }
    }

    // Nobody moves there, but what it says has to make sense: an IPv4 and an IPv6 address with ports, an id that is not empty, and its token.
    private static void CheckPreferredAddress(ReadOnlySpan<byte> value)
    {
        const int addressesLength = 4 + 2 + 16 + 2;
        if (value.Length < addressesLength + 1
            || value[addressesLength] is 0 or > ConnectionId.MaxLength
            || value.Length != addressesLength + 1 + value[addressesLength] + StatelessReset.TokenLength)
        {
            throw Violation("preferred_address is malformed");
        }
    }

    private static long ReadInteger(ref ReadOnlySpan<byte> content)
    {
        int length = VariableLengthInteger.TryRead(content, out long value);
        if (length == 0)
        {
            throw Violation("a transport parameter is cut off");
        }

        content = content[length..];
        return value;
    }

    private static long ReadValue(ReadOnlySpan<byte> value)
    {
        long result = ReadInteger(ref value);
        return value.IsEmpty ? result : throw Violation("a transport parameter is longer than its value");
    }

    private static long ReadRange(ReadOnlySpan<byte> value, long min, long max, string name)
    {
        long result = ReadValue(value);
        return result >= min && result <= max ? result : throw Violation($"{name} is out of range");
    }

    private static ConnectionId ReadConnectionId(ReadOnlySpan<byte> value)
        => value.Length <= ConnectionId.MaxLength ? new ConnectionId(value) : throw Violation("a connection id is longer than 20 bytes");

    private static StatelessResetToken ReadToken(ReadOnlySpan<byte> value)
        => value.Length == StatelessReset.TokenLength
            ? new StatelessResetToken(value)
            : throw Violation("stateless_reset_token is not of 16 bytes");

    private static TransportViolationException Violation(string message)
        => new(TransportErrorCode.TransportParameterError, QuicFrameType.Crypto, message);
}
