using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Paths;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class ViolationTests
{
    private static readonly byte[] Token = new byte[16];

    public static TheoryData<string, byte[], int> ForbiddenToClients => new()
    {
        { "HANDSHAKE_DONE", HandDrivenPeer.Frame(0x1e), 0x0a },
        { "NEW_TOKEN", [.. HandDrivenPeer.Frame(0x07, 1), 1], 0x0a },
        { "unknown type", HandDrivenPeer.Frame(0x21), 0x07 },
        { "type in two bytes", [0x40, 0x01], 0x0a },
        { "truncated", HandDrivenPeer.Frame(0x18, 1), 0x07 },
        { "no frames", [], 0x0a },
        { "ACK of what was not sent", HandDrivenPeer.Frame(0x02, 1_000_000, 0, 0, 0), 0x0a },
        { "ACK range below zero", HandDrivenPeer.Frame(0x02, 0, 0, 0, 1), 0x07 },
        { "ACK with a thousand ranges that are not there", HandDrivenPeer.Frame(0x02, 1, 0, 1000, 0), 0x07 },
        { "NEW_CONNECTION_ID without id", [.. HandDrivenPeer.Frame(0x18, 9, 0, 0), .. Token], 0x07 },
        { "NEW_CONNECTION_ID of 21 bytes", [.. HandDrivenPeer.Frame(0x18, 9, 0, 21), .. new byte[21], .. Token], 0x07 },
        { "NEW_CONNECTION_ID that retires itself", [.. HandDrivenPeer.Frame(0x18, 9, 10, 8), .. new byte[8], .. Token], 0x07 },
        { "NEW_CONNECTION_ID with other bytes", [.. HandDrivenPeer.Frame(0x18, 1, 0, 8), .. new byte[8], .. Token], 0x0a },
        { "RETIRE_CONNECTION_ID of none", HandDrivenPeer.Frame(0x19, 99), 0x0a },
        { "CRYPTO beyond the buffer", [.. HandDrivenPeer.Frame(0x06, 1 << 20, 1), 1], 0x0d },
        { "stream of the other side", [.. HandDrivenPeer.Frame(0x0a, 1, 1), 1], 0x05 },
        { "too many streams", [.. HandDrivenPeer.Frame(0x0a, 4 * 1000, 1), 1], 0x04 },
        { "too much data", [.. HandDrivenPeer.Frame(0x0e, 0, 1 << 25, 1), 1], 0x03 },
        { "MAX_STREAMS above 2^60", HandDrivenPeer.Frame(0x12, (1L << 60) + 1), 0x07 },
        { "MAX_STREAMS for unidirectional streams above 2^60", HandDrivenPeer.Frame(0x13, (1L << 60) + 1), 0x07 },
        { "STREAMS_BLOCKED above 2^60", HandDrivenPeer.Frame(0x16, (1L << 60) + 1), 0x07 },
        { "STREAMS_BLOCKED for unidirectional streams above 2^60", HandDrivenPeer.Frame(0x17, (1L << 60) + 1), 0x07 },
        { "CRYPTO beyond 2^62", [.. HandDrivenPeer.Frame(0x06, (1L << 62) - 1, 1), 1], 0x07 },
        { "CRYPTO longer than the packet", HandDrivenPeer.Frame(0x06, 0, 100), 0x07 },
        { "NEW_CONNECTION_ID with an id that is known", [.. HandDrivenPeer.Frame(0x18, 8, 0, 8), .. new byte[8], .. Token, .. HandDrivenPeer.Frame(0x18, 9, 0, 8), .. new byte[8], .. Token], 0x0a },
        { "NEW_CONNECTION_ID with another token", [.. HandDrivenPeer.Frame(0x18, 9, 0, 8), .. new byte[8], .. Token, .. HandDrivenPeer.Frame(0x18, 9, 0, 8), .. new byte[8], .. new byte[15], 1], 0x0a },
        { "PATH_CHALLENGE of seven bytes", [.. HandDrivenPeer.Frame(0x1a), .. new byte[7]], 0x07 },
        { "PATH_RESPONSE of seven bytes", [.. HandDrivenPeer.Frame(0x1b), .. new byte[7]], 0x07 },
        { "ACK with more marked packets than there are", HandDrivenPeer.Frame(0x03, 0, 0, 0), 0x07 },
        { "RESET_STREAM of a stream that only this side writes", HandDrivenPeer.Frame(0x04, 3, 0, 0), 0x05 },
        { "STOP_SENDING of a stream that only the peer writes", HandDrivenPeer.Frame(0x05, 2, 0), 0x05 },
        { "STOP_SENDING of a stream that is not there", HandDrivenPeer.Frame(0x05, 1, 0), 0x05 },
        { "MAX_STREAM_DATA of a stream that only the peer writes", HandDrivenPeer.Frame(0x11, 2, 1), 0x05 },
        { "MAX_STREAM_DATA of a stream that is not there", HandDrivenPeer.Frame(0x11, 1, 1), 0x05 },
        { "STREAM_DATA_BLOCKED of a stream that only this side writes", HandDrivenPeer.Frame(0x15, 3, 1), 0x05 },
        { "STREAM that only this side writes", [.. HandDrivenPeer.Frame(0x0a, 3, 1), 1], 0x05 },
        { "final size below what came", [.. HandDrivenPeer.Frame(0x0a, 0, 2), 1, 1, .. HandDrivenPeer.Frame(0x04, 0, 0, 1)], 0x06 },
        { "two final sizes", [.. HandDrivenPeer.Frame(0x0b, 0, 1), 1, .. HandDrivenPeer.Frame(0x0f, 0, 1, 1), 1], 0x06 },
        { "data behind the end", [.. HandDrivenPeer.Frame(0x0b, 0, 1), 1, .. HandDrivenPeer.Frame(0x0e, 0, 1, 1), 1], 0x06 },
        { "RESET_STREAM beyond the window", HandDrivenPeer.Frame(0x04, 0, 0, 1 << 25), 0x03 },
        { "CONNECTION_CLOSE whose reason is longer than the packet", HandDrivenPeer.Frame(0x1c, 0, 0, 100), 0x07 },
        { "DATAGRAM longer than the packet", HandDrivenPeer.Frame(0x31, 100), 0x07 },
        { "STREAM beyond 2^62", [.. HandDrivenPeer.Frame(0x0e, 0, (1L << 62) - 1, 1), 1], 0x07 },
    };

    [Theory]
    [MemberData(nameof(ForbiddenToClients))]
    public void A_violation_ends_the_connection_with_its_code_and_both_sides_see_why(string what, byte[] frames, int code)
    {
        using var peer = new HandDrivenPeer();
        peer.Send(frames);
        Assert.NotEmpty(what);
        peer.AssertViolated((TransportErrorCode)code);
    }

    [Fact]
    public void Everything_that_is_allowed_in_one_packet()
    {
        using var peer = new HandDrivenPeer();
        peer.Send(
            new byte[10],
            HandDrivenPeer.Frame(0x01),
            [.. HandDrivenPeer.Frame(0x1a), .. new byte[8]],
            [.. HandDrivenPeer.Frame(0x1b), .. new byte[8]],
            [.. HandDrivenPeer.Frame(0x31, 3), 1, 2, 3],
            HandDrivenPeer.Frame(0x10, 1 << 30),
            HandDrivenPeer.Frame(0x14, 5),
            HandDrivenPeer.Frame(0x16, 5),
            [.. HandDrivenPeer.Frame(0x08, 0), 1]);
        peer.AssertOpen();
        Assert.True(peer.Tested.TryReceiveDatagram(out _));
        Assert.NotNull(peer.Tested.Streams.TryAccept(bidirectional: true));
    }

    [Fact]
    public void An_id_is_not_retired_by_a_packet_that_uses_it()
    {
        using var peer = new HandDrivenPeer();
        peer.Send(HandDrivenPeer.Frame(0x19, 0));
        peer.AssertViolated(TransportErrorCode.ProtocolViolation);
    }

    [Fact]
    public void More_ids_than_the_limit_are_not_taken()
    {
        using var peer = new HandDrivenPeer();
        for (byte i = 50; i < 56 && peer.Tested.Close is null; i++)
        {
            peer.Send([.. HandDrivenPeer.Frame(0x18, i, 0, 8), i, i, i, i, i, i, i, i, .. Token]);
        }

        peer.AssertViolated(TransportErrorCode.ConnectionIdLimitError);
    }

    [Fact]
    public void Ids_that_retire_each_other_without_end_cost_no_memory_without_end()
    {
        using var peer = new HandDrivenPeer();
        for (int i = 50; i < 10_000 && peer.Tested.Close is null; i++)
        {
            peer.Send([.. HandDrivenPeer.Frame(0x18, i, i, 8), .. BitConverter.GetBytes((long)i), .. Token]);
        }

        // The answer goes to an id that leads nowhere.
        Assert.Equal(TransportErrorCode.ConnectionIdLimitError, (TransportErrorCode)peer.Tested.Close!.ErrorCode);
    }

    [Fact]
    public void A_client_takes_HANDSHAKE_DONE_again_but_no_empty_token()
    {
        using var peer = new HandDrivenPeer(isServer: true);
        peer.Send(HandDrivenPeer.Frame(0x1e));
        peer.AssertOpen();
        peer.Send(HandDrivenPeer.Frame(0x07, 0));
        peer.AssertViolated(TransportErrorCode.FrameEncodingError);
    }

    [Fact]
    public void Datagrams_that_were_not_asked_for_are_a_violation()
    {
        using var peer = new HandDrivenPeer(options: Simulation.SimulatedPair.Options() with { AcceptsDatagrams = false });
        peer.Send([.. HandDrivenPeer.Frame(0x31, 1), 1]);
        peer.AssertViolated(TransportErrorCode.ProtocolViolation);
    }

    /// <remarks>What waits to be said is bounded however many ask: answers of paths, tokens.</remarks>
    [Fact]
    public void Floods_of_what_is_allowed_cost_no_memory_without_end()
    {
        using var server = new HandDrivenPeer();
        using var client = new HandDrivenPeer(isServer: true);
        byte[] challenges = [.. Enumerable.Repeat(0, 100).SelectMany(static _ => HandDrivenPeer.Frame(0x1a).Concat(new byte[8]))];
        byte[] tokens = [.. Enumerable.Repeat(0, 20).SelectMany(static _ => HandDrivenPeer.Frame(0x07, 40).Concat(new byte[40]))];
        for (int i = 0; i < 2_000; i++)
        {
            server.Send(challenges);
            client.Send(tokens);
        }

        server.AssertOpen();
        client.AssertOpen();

        // Of 200,000 challenges a handful is answered, and of the tokens the newest is kept.
        byte[] buffer = new byte[QuicConnection.MinSendLength];
        int datagrams = 0;
        while (server.Tested.Send(buffer, server.Now, out _) > 0)
        {
            datagrams++;
        }

        Assert.InRange(datagrams, 1, 10);
        Assert.True(client.Tested.TryTakeToken(out byte[]? token));
        Assert.Equal(40, token.Length);
        Assert.False(client.Tested.TryTakeToken(out _));
    }

    [Fact]
    public void Packets_from_ever_new_addresses_make_no_ever_new_paths()
    {
        using var peer = new HandDrivenPeer();
        for (int i = 0; i < 5_000; i++)
        {
            peer.SendFrom(
                new NetworkPath(UdpAddress.From(new System.Net.IPEndPoint(new System.Net.IPAddress(0x0a000000 | i), 1000 + i)), peer.Tested.Path.Local),
                HandDrivenPeer.Frame(0x01));
        }

        peer.AssertOpen();
        Assert.InRange(OtherPaths(peer.Tested).Count, 0, 4);
    }

    [Fact]
    public void Random_frames_never_do_more_than_end_the_connection()
    {
        var random = new Random(1);
        for (int round = 0; round < 60; round++)
        {
            using var peer = new HandDrivenPeer(isServer: round % 2 == 0);
            for (int i = 0; i < 50 && peer.Tested.Close is null; i++)
            {
                byte[] bytes = new byte[random.Next(1, 60)];
                random.NextBytes(bytes);
                bytes[0] = (byte)random.Next(0x40);
                peer.Send(bytes);
            }

            peer.ReceiveClose();
        }
    }

    [Fact]
    public void Random_datagrams_change_nothing()
    {
        using var peer = new HandDrivenPeer();
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bytes = new byte[random.Next(0, 100)];
            random.NextBytes(bytes);
            if (bytes.Length > 6 && random.Next(2) == 0)
            {
                bytes[0] |= 0xc0;
                bytes.AsSpan(1, 4).Clear();
                bytes[4] = 1;
                bytes[5] = 8;
            }

            peer.Tested.Receive(bytes, peer.Tested.Path, default, peer.Now);
        }

        peer.AssertOpen();
    }

    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Field, Name = "_otherPaths")]
    private static extern ref List<PathState> OtherPaths(QuicConnection connection);
}
