using System.Buffers.Binary;
using System.Net;

namespace IrohRpc.Reach.PortMapping;

/// <summary>NAT-PMP (RFC 6886).</summary>
/// <param name="exchange">The way to the router.</param>
internal sealed class NatPmpProtocol(GatewayExchange exchange) : IPortMappingProtocol
{
    private const byte Version = 0;
    private const byte AddressOperation = 0;
    private const byte MapUdpOperation = 1;
    private const byte ResponseBit = 0x80;
    private const int AddressResponseLength = 12;
    private const int MapResponseLength = 16;

    /// <inheritdoc/>
    public string Name => "NAT-PMP";

    /// <inheritdoc/>
    public async Task<MappedPort> MapAsync(PortMappingRequest request, CancellationToken cancellationToken)
    {
        IPAddress address = await exchange.AskAsync<IPAddress>(
            new byte[] { Version, AddressOperation },
            static datagram => Answers(datagram, AddressOperation, AddressResponseLength) ? new IPAddress(datagram[8..12]) : null,
            cancellationToken).ConfigureAwait(false);
        MapResponse mapped = await AskAsync(request.InternalPort, request.SuggestedPort, request.Lifetime, cancellationToken).ConfigureAwait(false);
        return MappedPort.Create(address, mapped.ExternalPort, mapped.Lifetime);
    }

    /// <inheritdoc/>
    public Task UnmapAsync(MappedPort mapping, int internalPort, CancellationToken cancellationToken)
        => AskAsync(internalPort, 0, TimeSpan.Zero, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private Task<MapResponse> AskAsync(int internalPort, int externalPort, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        byte[] question = new byte[12];
        question[1] = MapUdpOperation;
        BinaryPrimitives.WriteUInt16BigEndian(question.AsSpan(4), (ushort)internalPort);
        BinaryPrimitives.WriteUInt16BigEndian(question.AsSpan(6), (ushort)externalPort);
        BinaryPrimitives.WriteUInt32BigEndian(question.AsSpan(8), (uint)lifetime.TotalSeconds);
        return exchange.AskAsync(
            question,
            datagram => Answers(datagram, MapUdpOperation, MapResponseLength) && BinaryPrimitives.ReadUInt16BigEndian(datagram[8..]) == internalPort
                ? new MapResponse(BinaryPrimitives.ReadUInt16BigEndian(datagram[10..]), TimeSpan.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(datagram[12..])))
                : null,
            cancellationToken);
    }

    private static bool Answers(ReadOnlySpan<byte> datagram, byte operation, int length)
    {
        if (datagram.Length < 4 || datagram[1] != (operation | ResponseBit))
        {
            return false;
        }

        if (datagram[0] != Version)
        {
            throw new PortMappingException($"The router answers by version {datagram[0]}.");
        }

        // A failure may be cut short (RFC 6886, section 3.5).
        return BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) switch
        {
            0 => datagram.Length >= length,
            1 => throw new PortMappingException("The router does not speak NAT-PMP."),
            2 => throw new PortMappingException("The router is told not to map ports."),
            3 => throw new PortMappingException("The router has no outside address."),
            4 => throw new PortMappingException("The router has no port left."),
            var code => throw new PortMappingException($"The router refuses with result {code}."),
        };
    }

    private sealed record MapResponse(int ExternalPort, TimeSpan Lifetime);
}
