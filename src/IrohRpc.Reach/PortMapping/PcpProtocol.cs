using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;

namespace IrohRpc.Reach.PortMapping;

/// <summary>The Port Control Protocol's MAP (RFC 6887, section 11).</summary>
/// <param name="exchange">The way to the router.</param>
/// <param name="local">This machine's address, which the router compares with the sender's.</param>
internal sealed class PcpProtocol(GatewayExchange exchange, IPAddress local) : IPortMappingProtocol
{
    private const byte Version = 2;
    private const byte MapOperation = 1;
    private const byte ResponseBit = 0x80;
    private const byte Udp = 17;
    private const int HeaderLength = 24;
    private const int MessageLength = 60;
    private const int NonceLength = 12;

    // Whoever renews a mapping or gives it back shows the number that it was asked for with.
    private readonly byte[] _nonce = RandomNumberGenerator.GetBytes(NonceLength);

    /// <inheritdoc/>
    public string Name => "PCP";

    /// <inheritdoc/>
    public Task<MappedPort> MapAsync(PortMappingRequest request, CancellationToken cancellationToken)
        => exchange.AskAsync(
            Write(request.InternalPort, request.SuggestedPort, request.Suggested?.Address ?? IPAddress.Any, request.Lifetime),
            datagram => IsAnswer(datagram, request.InternalPort) ? ReadMapping(datagram) : null,
            cancellationToken);

    /// <inheritdoc/>
    public Task UnmapAsync(MappedPort mapping, int internalPort, CancellationToken cancellationToken)
        => exchange.AskAsync(
            Write(internalPort, mapping.External.Port, mapping.External.Address, TimeSpan.Zero),
            datagram => IsAnswer(datagram, internalPort) ? mapping : null,
            cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private byte[] Write(int internalPort, int externalPort, IPAddress externalAddress, TimeSpan lifetime)
    {
        byte[] message = new byte[MessageLength];
        message[0] = Version;
        message[1] = MapOperation;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), (uint)lifetime.TotalSeconds);
        local.MapToIPv6().TryWriteBytes(message.AsSpan(8), out _);
        _nonce.CopyTo(message.AsSpan(HeaderLength));
        message[36] = Udp;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(40), (ushort)internalPort);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(42), (ushort)externalPort);
        externalAddress.MapToIPv6().TryWriteBytes(message.AsSpan(44), out _);
        return message;
    }

    private bool IsAnswer(ReadOnlySpan<byte> datagram, int internalPort)
    {
        if (datagram.Length < 4 || (datagram[1] & ResponseBit) == 0)
        {
            return false;
        }

        if (datagram[0] != Version)
        {
            // A router of NAT-PMP says so by its own version (RFC 6887, section 9).
            throw new PortMappingException($"The router speaks version {datagram[0]}.");
        }

        if (datagram.Length < HeaderLength || datagram[1] != (MapOperation | ResponseBit))
        {
            return false;
        }

        // An error may lack what it is about; the socket takes datagrams of the router only.
        bool isOurs = datagram.Length >= MessageLength
            && datagram.Slice(HeaderLength, NonceLength).SequenceEqual(_nonce)
            && datagram[36] == Udp
            && BinaryPrimitives.ReadUInt16BigEndian(datagram[40..]) == internalPort;
        return datagram[3] switch
        {
            0 => isOurs,
            1 => throw new PortMappingException("The router does not speak this version of PCP."),
            2 => throw new PortMappingException("The router is told not to map ports."),
            8 => throw new PortMappingException("The router has no port left."),
            11 => throw new PortMappingException("The router cannot give that outside port."),
            12 => throw new PortMappingException("The router sees this machine at another address: there is a NAT before it."),
            var code => throw new PortMappingException($"The router refuses with result {code}."),
        };
    }

    private static MappedPort ReadMapping(ReadOnlySpan<byte> datagram)
    {
        var address = new IPAddress(datagram.Slice(44, 16));
        return MappedPort.Create(
            address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address,
            BinaryPrimitives.ReadUInt16BigEndian(datagram[42..]),
            TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(datagram[4..])));
    }
}
