using IrohRpc.Multiplexing.Parameters;
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
    private ParameterReader _reader;

    private TransportParametersReader(ReadOnlySpan<byte> content, bool isFromServer)
    {
        _reader = new ParameterReader(content, QuicFrameType.Crypto);
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
        while (_reader.MoveNext())
        {
            if (_reader.Id == TransportParameterId.MinAckDelay)
            {
                minAckDelay = _reader.ReadInteger();
            }
            else if (!_reader.TryReadLimit(ref limits) && !TryRead(ref parameters))
            {
                continue;
            }

            _reader.RequireFirst(_reader.Id switch
            {
                TransportParameterId.MinAckDelay => MinAckDelayBit,
                TransportParameterId.MaxDatagramFrameSize => MaxDatagramFrameSizeBit,
                ExtensionNumbers.InitialMaxPathId => InitialMaxPathIdBit,
                ExtensionNumbers.NatTraversal => NatTraversalBit,
                ExtensionNumbers.AddressDiscovery => AddressDiscoveryBit,
                _ => (int)_reader.Id,
            });
        }

        if (minAckDelay > parameters.MaxAckDelay * 1000L)
        {
            throw Violation("min_ack_delay is above max_ack_delay");
        }

        return parameters with { Limits = limits };
    }

    private readonly bool TryRead(ref TransportParameters parameters)
    {
        ReadOnlySpan<byte> value = _reader.Value;
        switch (_reader.Id)
        {
            case TransportParameterId.OriginalDestinationConnectionId:
                RequireServer();
                parameters = parameters with { OriginalDestinationConnectionId = ReadConnectionId(value) };
                return true;
            case CommonParameters.MaxIdleTimeout:
                parameters = parameters with { MaxIdleTimeout = _reader.ReadInteger() };
                return true;
            case TransportParameterId.StatelessResetToken:
                RequireServer();
                parameters = parameters with { StatelessResetToken = ReadToken(value) };
                return true;
            case TransportParameterId.MaxUdpPayloadSize:
                parameters = parameters with
                {
                    MaxUdpPayloadSize = _reader.ReadInteger(TransportParameters.MinUdpPayloadSize, long.MaxValue, "max_udp_payload_size"),
                };
                return true;
            case TransportParameterId.AckDelayExponent:
                parameters = parameters with { AckDelayExponent = (int)_reader.ReadInteger(0, 20, "ack_delay_exponent") };
                return true;
            case TransportParameterId.MaxAckDelay:
                parameters = parameters with { MaxAckDelay = (int)_reader.ReadInteger(0, (1 << 14) - 1, "max_ack_delay") };
                return true;
            case TransportParameterId.DisableActiveMigration:
                parameters = value.IsEmpty
                    ? parameters with { DisableActiveMigration = true }
                    : throw Violation("disable_active_migration has a value");
                return true;
            case TransportParameterId.PreferredAddress:
                RequireServer();
                CheckPreferredAddress(value);
                return true;
            case TransportParameterId.ActiveConnectionIdLimit:
                parameters = parameters with { ActiveConnectionIdLimit = _reader.ReadInteger(2, long.MaxValue, "active_connection_id_limit") };
                return true;
            case TransportParameterId.InitialSourceConnectionId:
                parameters = parameters with { InitialSourceConnectionId = ReadConnectionId(value) };
                return true;
            case TransportParameterId.RetrySourceConnectionId:
                RequireServer();
                parameters = parameters with { RetrySourceConnectionId = ReadConnectionId(value) };
                return true;
            case TransportParameterId.MaxDatagramFrameSize:
                parameters = parameters with { MaxDatagramFrameSize = _reader.ReadInteger() };
                return true;
            case ExtensionNumbers.InitialMaxPathId:
                parameters = parameters with { InitialMaxPathId = _reader.ReadInteger(0, uint.MaxValue, "initial_max_path_id") };
                return true;
            case ExtensionNumbers.NatTraversal:
                parameters = parameters with
                {
                    // A raw byte and no variable-length integer.
                    MaxRemoteAddresses = value is [> 0] ? value[0] : throw Violation("the parameter of NAT traversal is not one byte above zero"),
                };
                return true;
            case ExtensionNumbers.AddressDiscovery:
                long role = _reader.ReadInteger(0, 2, "the role in address discovery");
                parameters = parameters with { ReportsAddresses = role != 1, WantsObservedAddress = role != 0 };
                return true;
            default:
                return false;
        }
    }

    private readonly void RequireServer()
    {
        if (!_isFromServer)
        {
            throw Violation($"a client sent transport parameter 0x{_reader.Id:x}, which is a server's");
        }
    }

    // Nobody moves there, but what it says has to make sense: an IPv4 and an IPv6 address with ports, an id that is not empty, and its token.
    private readonly void CheckPreferredAddress(ReadOnlySpan<byte> value)
    {
        const int addressesLength = 4 + 2 + 16 + 2;
        if (value.Length < addressesLength + 1
            || value[addressesLength] is 0 or > ConnectionId.MaxLength
            || value.Length != addressesLength + 1 + value[addressesLength] + StatelessReset.TokenLength)
        {
            throw Violation("preferred_address is malformed");
        }
    }

    private readonly ConnectionId ReadConnectionId(ReadOnlySpan<byte> value)
        => value.Length <= ConnectionId.MaxLength ? new ConnectionId(value) : throw Violation("a connection id is longer than 20 bytes");

    private readonly StatelessResetToken ReadToken(ReadOnlySpan<byte> value)
        => value.Length == StatelessReset.TokenLength
            ? new StatelessResetToken(value)
            : throw Violation("stateless_reset_token is not of 16 bytes");

    private readonly TransportViolationException Violation(string message) => _reader.Violation(message);
}
