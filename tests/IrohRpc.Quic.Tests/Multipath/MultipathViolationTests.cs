using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Tests.Connections;

namespace IrohRpc.Quic.Tests.Multipath;

/// <summary>What a peer may not do with paths and with NAT traversal.</summary>
public sealed class MultipathViolationTests
{
    private static readonly byte[] Id = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] Token = new byte[16];
    private static readonly byte[] IPv4 = [10, 0, 0, 9, 0x10, 0x00];

    public static TheoryData<string, byte[], int> ForbiddenToClients => new()
    {
        { "PATH_ACK of an unknown path", HandDrivenPeer.Frame(0x3e, 5, 0, 0, 0, 0), 0x0a },
        { "PATH_ACK of what was not sent", HandDrivenPeer.Frame(0x3e, 0, 1_000_000, 0, 0, 0), 0x0a },
        { "PATH_ACK above the limit", HandDrivenPeer.Frame(0x3e, 99, 0, 0, 0, 0), 0x0a },
        { "PATH_ACK range below zero", HandDrivenPeer.Frame(0x3e, 0, 0, 0, 0, 1), 0x07 },
        { "PATH_ACK with more marked packets than there are", HandDrivenPeer.Frame(0x3f, 0, 0, 0, 0, 0), 0x07 },
        { "PATH_ABANDON above the limit", HandDrivenPeer.Frame(0x3e75, 99, 0), 0x0a },
        { "PATH_STATUS above the limit", HandDrivenPeer.Frame(0x3e76, 99, 0), 0x0a },
        { "PATH_NEW_CONNECTION_ID above the limit", [.. HandDrivenPeer.Frame(0x3e78, 99, 0, 0, 8), .. Id, .. Token], 0x0a },
        { "PATH_NEW_CONNECTION_ID without id", [.. HandDrivenPeer.Frame(0x3e78, 2, 5, 0, 0), .. Token], 0x07 },
        { "PATH_NEW_CONNECTION_ID that retires itself", [.. HandDrivenPeer.Frame(0x3e78, 2, 5, 6, 8), .. Id, .. Token], 0x07 },
        { "the same id twice, differently", [.. HandDrivenPeer.Frame(0x3e78, 5, 0, 0, 8), .. Id, .. Token, .. HandDrivenPeer.Frame(0x3e78, 5, 1, 0, 8), .. Id, .. Token], 0x0a },
        { "PATH_RETIRE_CONNECTION_ID of none", HandDrivenPeer.Frame(0x3e79, 1, 99), 0x0a },
        { "PATH_RETIRE_CONNECTION_ID of an unknown path", HandDrivenPeer.Frame(0x3e79, 7, 0), 0x0a },
        { "MAX_PATH_ID above 32 bits", HandDrivenPeer.Frame(0x3e7a, 1L << 33), 0x07 },
        { "PATHS_BLOCKED above the limit", HandDrivenPeer.Frame(0x3e7b, 99), 0x0a },
        { "PATH_CIDS_BLOCKED of more than there are", HandDrivenPeer.Frame(0x3e7c, 1, 99), 0x0a },
        { "ADD_ADDRESS by a client", [.. HandDrivenPeer.Frame(0x3d7f90, 0), .. IPv4], 0x0a },
        { "REMOVE_ADDRESS by a client", HandDrivenPeer.Frame(0x3d7f94, 0), 0x0a },
        { "REACH_OUT cut off", [.. HandDrivenPeer.Frame(0x3d7f92, 1), 10, 0], 0x07 },
        { "OBSERVED_ADDRESS that nobody asked for", [.. HandDrivenPeer.Frame(0x9f81a6, 1), .. IPv4], 0x0a },
    };

    [Theory]
    [MemberData(nameof(ForbiddenToClients))]
    public void A_violation_ends_the_connection_with_its_code(string what, byte[] frames, int code)
    {
        using var peer = new HandDrivenPeer(options: TwoPaths.Options());
        Assert.True(peer.Tested.UsesMultipath, what);
        peer.Send(frames);
        peer.AssertViolated((TransportErrorCode)code);
    }

    [Theory]
    [InlineData("PATH_ACK", 0x3eL, 0L, 0L, 0L, 0L, 0L)]
    [InlineData("PATH_ABANDON", 0x3e75L, 0L, 0L)]
    [InlineData("MAX_PATH_ID", 0x3e7aL, 9L)]
    [InlineData("REMOVE_ADDRESS", 0x3d7f94L, 0L)]
    public void Without_agreement_no_frame_of_it_may_come(string what, params long[] integers)
    {
        using var peer = new HandDrivenPeer();
        Assert.False(peer.Tested.UsesMultipath, what);
        peer.Send(HandDrivenPeer.Frame(integers));
        peer.AssertViolated(TransportErrorCode.ProtocolViolation);
    }

    [Fact]
    public void A_server_may_not_send_REACH_OUT()
    {
        using var peer = new HandDrivenPeer(isServer: true, options: TwoPaths.Options());
        peer.Send([.. HandDrivenPeer.Frame(0x3d7f92, 1), .. IPv4]);
        peer.AssertViolated(TransportErrorCode.ProtocolViolation);
    }

    [Fact]
    public void More_ids_for_a_path_than_allowed_end_the_connection()
    {
        using var peer = new HandDrivenPeer(options: TwoPaths.Options());
        for (int i = 0; i < 10 && peer.Tested.Close is null; i++)
        {
            peer.Send([.. HandDrivenPeer.Frame(0x3e78, 6, i, 0, 8), 9, 9, 9, 9, 9, 9, 9, (byte)i, .. Token]);
        }

        peer.AssertViolated(TransportErrorCode.ConnectionIdLimitError);
    }

    [Fact]
    public void Paths_that_are_given_up_without_end_cost_no_more_than_those_allowed()
    {
        using var peer = new HandDrivenPeer(options: TwoPaths.Options());
        for (int id = 1; id <= 7; id++)
        {
            peer.Send(HandDrivenPeer.Frame(0x3e75, id, 0));
        }

        peer.AssertOpen();
        peer.Send(HandDrivenPeer.Frame(0x3e75, 8, 0));
        peer.AssertViolated(TransportErrorCode.ProtocolViolation);
    }

    [Fact]
    public void A_flood_of_REACH_OUT_has_few_packets_sent_and_leaves_the_connection_alone()
    {
        using var peer = new HandDrivenPeer(options: TwoPaths.Options());
        for (int round = 1; round <= 300; round++)
        {
            peer.Send(
                [.. HandDrivenPeer.Frame(0x3d7f92, round), 10, 9, (byte)round, 1, 0x10, 0x00],
                [.. HandDrivenPeer.Frame(0x3d7f92, round), 255, 255, 255, 255, 0x10, 0x00],
                [.. HandDrivenPeer.Frame(0x3d7f92, round), 224, 0, 0, 1, 0x10, 0x00]);
        }

        byte[] buffer = new byte[64 * 1024];
        int probes = 0;
        while (peer.Tested.Send(buffer, peer.Now, out OutgoingDatagrams datagrams) > 0)
        {
            probes += datagrams.Path.Remote.ToString().StartsWith("10.9.", StringComparison.Ordinal) ? 1 : 0;
            Assert.False(datagrams.Path.Remote.ToString().StartsWith('2'));
        }

        Assert.InRange(probes, 0, 1);
        peer.AssertOpen();
    }
}
