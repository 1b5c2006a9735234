using System.Runtime.CompilerServices;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Spaces;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

/// <summary>Which frames which packets may carry (RFC 9000, section 12.4, table 3), every combination of them, at a server.</summary>
public sealed class PacketTypeTests
{
    private const long PacketNumber = 1000;

    private static readonly Dictionary<int, byte[]> Frames = new()
    {
        [0x00] = new byte[8],
        [0x01] = HandDrivenPeer.Frame(0x01),
        [0x02] = HandDrivenPeer.Frame(0x02, 0, 0, 0, 0),
        [0x03] = HandDrivenPeer.Frame(0x03, 0, 0, 0, 0, 0, 0, 0),
        [0x04] = HandDrivenPeer.Frame(0x04, 0, 0, 0),
        [0x05] = HandDrivenPeer.Frame(0x05, 0, 0),
        [0x06] = HandDrivenPeer.Frame(0x06, 0, 0),
        [0x07] = [.. HandDrivenPeer.Frame(0x07, 1), 1],
        [0x08] = HandDrivenPeer.Frame(0x08, 0),
        [0x0f] = HandDrivenPeer.Frame(0x0f, 0, 0, 0),
        [0x10] = HandDrivenPeer.Frame(0x10, 1 << 20),
        [0x11] = HandDrivenPeer.Frame(0x11, 0, 1 << 20),
        [0x12] = HandDrivenPeer.Frame(0x12, 1000),
        [0x13] = HandDrivenPeer.Frame(0x13, 1000),
        [0x14] = HandDrivenPeer.Frame(0x14, 1),
        [0x15] = HandDrivenPeer.Frame(0x15, 0, 1),
        [0x16] = HandDrivenPeer.Frame(0x16, 1),
        [0x17] = HandDrivenPeer.Frame(0x17, 1),
        [0x18] = [.. HandDrivenPeer.Frame(0x18, 1, 0, 8), .. new byte[8 + 16]],
        [0x19] = HandDrivenPeer.Frame(0x19, 0),
        [0x1a] = [.. HandDrivenPeer.Frame(0x1a), .. new byte[8]],
        [0x1b] = [.. HandDrivenPeer.Frame(0x1b), .. new byte[8]],
        [0x1c] = HandDrivenPeer.Frame(0x1c, 0, 0, 0),
        [0x1d] = HandDrivenPeer.Frame(0x1d, 0, 0),
        [0x1e] = HandDrivenPeer.Frame(0x1e),
        [0x30] = [.. HandDrivenPeer.Frame(0x30), 1],
        [0x31] = [.. HandDrivenPeer.Frame(0x31, 1), 1],
    };

    private static readonly int[] OfHandshakes = [0x00, 0x01, 0x02, 0x03, 0x06, 0x1c];
    private static readonly int[] NotEarly = [0x02, 0x03, 0x06, 0x07, 0x19, 0x1b, 0x1e];

    public static TheoryData<int, int> Combinations
    {
        get
        {
            var data = new TheoryData<int, int>();
            foreach (PacketType type in (PacketType[])[PacketType.Initial, PacketType.Handshake, PacketType.ZeroRtt])
            {
                foreach (int frame in Frames.Keys)
                {
                    data.Add((int)type, frame);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void A_frame_that_a_packet_may_not_carry_is_a_violation_and_any_other_is_none(int packetType, int frame)
    {
        var type = (PacketType)packetType;
        using SimulatedPair pair = type == PacketType.ZeroRtt ? EarlyDataTests.Prepare() : new SimulatedPair();
        QuicConnection server = ConnectHalf(pair, type);
        Deliver(pair, server, type, Frames[frame]);
        bool isAllowed = type == PacketType.ZeroRtt ? !NotEarly.Contains(frame) : OfHandshakes.Contains(frame);
        if (isAllowed)
        {
            Assert.NotEqual(ConnectionCloseKind.Violation, server.Close?.Kind);
        }
        else
        {
            Assert.Equal(
                (ConnectionCloseKind.Violation, TransportErrorCode.ProtocolViolation),
                (server.Close!.Kind, (TransportErrorCode)server.Close.ErrorCode));
        }
    }

    [Theory]
    [InlineData((int)PacketType.Initial)]
    [InlineData((int)PacketType.Handshake)]
    [InlineData((int)PacketType.ZeroRtt)]
    public void A_packet_of_a_handshake_without_frames_is_a_violation(int packetType)
    {
        var type = (PacketType)packetType;
        using SimulatedPair pair = type == PacketType.ZeroRtt ? EarlyDataTests.Prepare() : new SimulatedPair();
        QuicConnection server = ConnectHalf(pair, type);
        Deliver(pair, server, type, []);
        Assert.Equal(TransportErrorCode.ProtocolViolation, (TransportErrorCode)server.Close!.ErrorCode);
    }

    [Fact]
    public void An_Initial_in_a_datagram_of_fewer_than_1200_bytes_is_passed_over()
    {
        using var pair = new SimulatedPair();
        QuicConnection server = ConnectHalf(pair, PacketType.Initial);
        Deliver(pair, server, PacketType.Initial, Frames[0x1e], datagramLength: 1199);
        Assert.Null(server.Close);
    }

    /// <remarks>RFC 9000, section 17.2.2: a server's Initial has no token; a client discards one that has.</remarks>
    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(100, false)]
    public void A_client_discards_an_Initial_with_a_token(int tokenLength, bool isTaken)
    {
        using var pair = new SimulatedPair();
        ConnectHalf(pair, PacketType.Initial);
        QuicConnection client = pair.Dialled.Core;
        QuicConnection server = pair.Accepted.Core;
        byte[] datagram = Seal(Spaces(server)[0], PacketType.Initial, LocalIds(client).First, LocalIds(server).First, new byte[tokenLength], Frames[0x1c], 1200);
        client.Receive(datagram, client.Path, default, pair.Network.Now);
        Assert.Equal(isTaken, client.Close is not null);
    }

    // A server that has heard the client's first packets and nothing since.
    private static QuicConnection ConnectHalf(SimulatedPair pair, PacketType type)
    {
        int sent = 0;
        int before = pair.Server.Connections.Count;
        pair.Network.Link(pair.Client, pair.Server).Drops = _ => ++sent > 1;
        pair.Network.Link(pair.Server, pair.Client).Drops = _ => type != PacketType.Handshake;
        pair.Dial();
        pair.Run(TimeSpan.FromMilliseconds(50));
        QuicConnection server = pair.Server.Connections[before].Core;
        Assert.Equal(ConnectionState.Handshaking, server.State);
        return server;
    }

    private static void Deliver(SimulatedPair pair, QuicConnection server, PacketType type, byte[] frames, int datagramLength = 1200)
    {
        QuicConnection client = pair.Dialled.Core;
        SpaceState space = Spaces(client)[type switch { PacketType.Initial => 0, PacketType.Handshake => 1, _ => 2 }];
        byte[] datagram = Seal(space, type, PeerIds(client).Current, LocalIds(client).First, [], frames, datagramLength);
        server.Receive(datagram, server.Path, default, pair.Network.Now);
    }

    private static byte[] Seal(
        SpaceState space, PacketType type, in ConnectionId receiver, in ConnectionId sender, byte[] token, byte[] frames, int datagramLength)
    {
        byte[] datagram = new byte[datagramLength];
        int offset = PacketHeaderWriter.WriteLong(datagram, type, receiver, sender, token, PacketNumber, 4);
        frames.CopyTo(datagram, offset + 4);

        // What has no padding of its own has its packet end behind it; the rest of the datagram is junk that is passed over.
        int length = offset + 4 + frames.Length + CipherSuite.TagLength;
        PacketHeaderWriter.SetLength(datagram.AsSpan(0, length), offset);
        space.Sealing!.Seal(datagram.AsSpan(0, length), offset, 4, PacketNumber);
        return datagram;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_spaces")]
    private static extern ref SpaceState[] Spaces(QuicConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_peerIds")]
    private static extern ref PeerConnectionIds PeerIds(QuicConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_localIds")]
    private static extern ref LocalConnectionIds LocalIds(QuicConnection connection);
}
