using System.Security.Cryptography;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Tests.Connections;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Fuzzing;

/// <summary>QUIC of our own: what comes in datagrams, before and after there are keys.</summary>
internal static class QuicTargets
{
    private static readonly AddressTokens Tokens = new(new byte[32], TimeProvider.System);
    private static readonly UdpAddress Client = UdpAddress.Create([10, 0, 0, 1], 4000);

    private static readonly Lazy<byte[][]> Datagrams = new(Record);

    [ThreadStatic]
    private static HandDrivenPeer? _asServer;

    [ThreadStatic]
    private static HandDrivenPeer? _asClient;

    public static IEnumerable<FuzzTarget> All =>
    [
        new("quic-packets", ReadPackets, static () => Datagrams.Value),
        new("quic-handshake-datagrams", ReceiveDatagram, static () => Datagrams.Value) { FreeBytes = 4 * 1024 * 1024, Bounded = 200 },
        new("quic-frames-at-server", static input => ReceiveFrames(ref _asServer, isServer: false, input), Frames) { FreeBytes = 4 * 1024 * 1024, Bounded = 4000 },
        new("quic-frames-at-client", static input => ReceiveFrames(ref _asClient, isServer: true, input), Frames) { FreeBytes = 4 * 1024 * 1024, Bounded = 4000 },
        new("quic-transport-parameters", ReadParameters, ParameterSeeds),
        new("quic-ack-frame", ReadAck, static () => [[5, 10, 2, 1, 0, 1, 0, 0], [5, 0, 0, 0, 1, 2, 3]]),
        new("quic-address-token", static input => Tokens.Validate(input, Client, out _), static () => [Tokens.Create(Client), Tokens.CreateForRetry(Client, new ConnectionId([1, 2, 3, 4]))]),
    ];

    private static void ReadPackets(ReadOnlySpan<byte> input)
    {
        InvariantHeader.TryRead(input, QuicConnection.LocalConnectionIdLength, out InvariantHeader header);
        if (VersionNegotiationPacket.TryRead(input, out ReadOnlySpan<byte> versions))
        {
            VersionNegotiationPacket.Contains(versions, 1);
        }

        if (header.DestinationConnectionId.Length <= 255 && header.SourceConnectionId.Length <= 255 && header.IsLong)
        {
            VersionNegotiationPacket.Write(new byte[2048], header);
        }

        var reader = new PacketReader(input.ToArray(), QuicConnection.LocalConnectionIdLength);
        int packets = 0;
        while (reader.TryRead(out _))
        {
            FuzzTargets.Require(++packets <= input.Length, "more packets were read than there are bytes");
        }
    }

    // Whatever a stranger sends to an endpoint: the handshake of an honest client goes on beside it, or ends as it should.
    private static void ReceiveDatagram(ReadOnlySpan<byte> input)
    {
        using var pair = new SimulatedPair();
        pair.Dial();
        pair.Server.Receive(new SimulatedDatagram(pair.Client.Address, pair.Server.Address, input.ToArray(), default));
        pair.Run(TimeSpan.FromMilliseconds(200));
    }

    private static void ReceiveFrames(ref HandDrivenPeer? peer, bool isServer, ReadOnlySpan<byte> input)
    {
        if (input.Length is 0 or > 1100)
        {
            return;
        }

        peer ??= new HandDrivenPeer(isServer);
        peer.Send(input.ToArray());
        if (peer.Tested.Close is { } close)
        {
            FuzzTargets.Require(close.Kind is ConnectionCloseKind.Violation or ConnectionCloseKind.ClosedByPeer or ConnectionCloseKind.FailedByPeer, $"the connection closed as {close}");
            peer.ReceiveClose();
            peer.Dispose();
            peer = null;
        }
    }

    private static void ReadParameters(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        try
        {
            TransportParameters parameters = TransportParametersReader.Read(input[1..], isFromServer: (input[0] & 1) == 1);
            byte[] written = TransportParametersWriter.Write(parameters);
            TransportParametersReader.Read(written, isFromServer: (input[0] & 1) == 1);
        }
        catch (TransportViolationException)
        {
            // What it should say of them.
        }
    }

    private static void ReadAck(ReadOnlySpan<byte> input)
    {
        try
        {
            var reader = new FrameReader(input);
            AckFrame frame = AckFrame.Read(ref reader);
            int ranges = 0;
            foreach (AckRange range in frame)
            {
                FuzzTargets.Require(range.Smallest >= 0 && range.Smallest <= range.Largest, "a range is none");
                FuzzTargets.Require(++ranges <= input.Length, "more ranges were read than there are bytes");
            }
        }
        catch (TransportViolationException)
        {
            // What it should say of it.
        }
    }

    private static byte[][] Record()
    {
        var recorded = new List<byte[]>();
        using var pair = new SimulatedPair();
        pair.Client.OnSend = recorded.Add;
        pair.Server.OnSend = recorded.Add;
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        return [.. recorded.Take(12)];
    }

    private static IEnumerable<byte[]> Frames() =>
    [
        [0x01],
        HandDrivenPeer.Frame(0x02, 0, 0, 0, 0),
        HandDrivenPeer.Frame(0x03, 0, 0, 0, 0, 1, 1, 1),
        HandDrivenPeer.Frame(0x04, 0, 0, 0),
        HandDrivenPeer.Frame(0x05, 0, 0),
        [0x06, 0x00, 0x04, 1, 2, 3, 4],
        [0x07, 0x04, 1, 2, 3, 4],
        [0x08, 0x00, 1, 2, 3],
        [0x0f, 0x00, 0x00, 0x03, 1, 2, 3],
        [0x0e, 0x02, 0x05, 0x03, 1, 2, 3],
        HandDrivenPeer.Frame(0x10, 1 << 20),
        HandDrivenPeer.Frame(0x11, 0, 1 << 20),
        HandDrivenPeer.Frame(0x12, 1 << 10),
        HandDrivenPeer.Frame(0x13, 1 << 10),
        HandDrivenPeer.Frame(0x14, 1 << 10),
        HandDrivenPeer.Frame(0x15, 0, 1 << 10),
        HandDrivenPeer.Frame(0x16, 100),
        [0x18, 0x08, 0x00, 0x08, .. RandomNumberGenerator.GetBytes(24)],
        HandDrivenPeer.Frame(0x19, 0),
        [0x1a, 1, 2, 3, 4, 5, 6, 7, 8],
        [0x1b, 1, 2, 3, 4, 5, 6, 7, 8],
        [0x1c, 0x00, 0x00, 0x02, 65, 66],
        [0x1d, 0x00, 0x02, 65, 66],
        [0x30, 1, 2, 3],
        [0x31, 0x03, 1, 2, 3],
        [0x00, 0x00, 0x01, 0x00],
    ];

    private static IEnumerable<byte[]> ParameterSeeds()
    {
        byte[] parameters = TransportParametersWriter.Write(new TransportParameters());
        return [[0, .. parameters], [1, .. parameters], [1, 0x01, 0x02, 0x67, 0x10, 0x0e, 0x01, 0x08, 0x20, 0x02, 0x44, 0x00], [1, 0x02, 0x10, .. new byte[16]]];
    }
}
