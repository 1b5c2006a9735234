using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class HandshakeTests
{
    [Fact]
    public void Two_sides_meet_and_confirm_within_two_round_trips()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        Assert.Equal(pair.Server.Id, pair.Dialled.Core.Tls.PeerId);
        Assert.Equal(pair.Client.Id, pair.Accepted.Core.Tls.PeerId);
        Assert.InRange(pair.Network.Now.TotalMilliseconds, 39, 45);
        pair.CloseAndCheck();
        Assert.Equal(ConnectionCloseKind.ClosedByPeer, pair.Accepted.Core.Close!.Kind);
        Assert.Equal((7, "done"), (pair.Accepted.Core.Close.ErrorCode, pair.Accepted.Core.Close.Reason));
    }

    [Fact]
    public void Each_datagram_of_the_handshake_may_be_lost()
    {
        for (int lost = 0; lost < 8; lost++)
        {
            using var pair = new SimulatedPair();
            int sent = 0;
            pair.Network.Link(pair.Client, pair.Server).Drops = _ => sent++ == lost;
            pair.Network.Link(pair.Server, pair.Client).Drops = _ => sent++ == lost;
            pair.Connect();
            Assert.True(pair.Network.Now < TimeSpan.FromSeconds(3), $"Losing datagram {lost} cost {pair.Network.Now}.");
            pair.CloseAndCheck();
        }
    }

    [Fact]
    public void A_server_sends_no_more_than_three_times_what_a_client_sent_that_has_not_shown_where_it_is()
    {
        using var pair = new SimulatedPair();
        SimulatedLink back = pair.Network.Link(pair.Server, pair.Client);
        SimulatedLink there = pair.Network.Link(pair.Client, pair.Server);
        int datagrams = 0;
        there.Drops = _ => datagrams++ > 0;
        long sent = 0;
        back.Drops = datagram =>
        {
            sent += datagram.Bytes.Length;
            return true;
        };
        pair.Dial();
        pair.Run(TimeSpan.FromSeconds(9));
        Assert.InRange(sent, 1200, 3600);
    }

    [Fact]
    public void A_client_gets_a_server_out_of_its_limit_although_it_has_nothing_to_say()
    {
        using var pair = new SimulatedPair();
        int fromServer = 0;

        // The server's whole first flight is lost, and it may send no more until the client speaks again.
        pair.Network.Link(pair.Server, pair.Client).Drops = _ => fromServer++ < 3;
        pair.Connect();
        pair.CloseAndCheck();
    }

    [Fact]
    public void A_retry_is_followed_once_and_checked_against_the_transport_parameters()
    {
        using var pair = new SimulatedPair { Server = { Retries = true } };
        pair.Connect();
        Assert.Single(pair.Server.Connections);
        Assert.InRange(pair.Network.Now.TotalMilliseconds, 59, 65);
        pair.CloseAndCheck();
    }

    [Fact]
    public void A_retry_that_is_damaged_is_ignored()
    {
        using var pair = new SimulatedPair { Server = { Retries = true } };
        int retries = 0;
        pair.Network.Link(pair.Server, pair.Client).Drops = datagram =>
        {
            if ((datagram.Bytes[0] & 0xf0) == 0xf0 && retries++ == 0)
            {
                datagram.Bytes[^1] ^= 1;
            }

            return false;
        };
        pair.Connect();
        Assert.InRange(retries, 2, 4);
        pair.CloseAndCheck();
    }

    [Fact]
    public void A_server_of_other_versions_only_ends_the_dial_at_once()
    {
        using var pair = new SimulatedPair();
        byte[] answer = new byte[100];
        pair.Network.Link(pair.Client, pair.Server).Drops = datagram =>
        {
            InvariantHeader.TryRead(datagram.Bytes, 8, out InvariantHeader header);
            int length = VersionNegotiationPacket.Write(answer, header);
            answer[length - 1] = 9;
            pair.Network.Schedule(pair.Network.Now, new SimulatedDatagram(datagram.To, datagram.From, answer[..length], default));
            return true;
        };
        pair.Dial();
        pair.Run(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ConnectionCloseKind.VersionMismatch, pair.Dialled.Core.Close!.Kind);
        pair.CheckNothingIsLeft();
    }

    [Fact]
    public void A_version_negotiation_that_names_the_version_in_use_is_ignored()
    {
        using var pair = new SimulatedPair();
        bool answered = false;
        pair.Network.Link(pair.Client, pair.Server).Drops = datagram =>
        {
            if (!answered)
            {
                answered = true;
                byte[] answer = new byte[100];
                InvariantHeader.TryRead(datagram.Bytes, 8, out InvariantHeader header);
                int length = VersionNegotiationPacket.Write(answer, header);
                pair.Network.Schedule(pair.Network.Now, new SimulatedDatagram(datagram.To, datagram.From, answer[..length], default));
            }

            return false;
        };
        pair.Connect();
        pair.CloseAndCheck();
    }

    [Fact]
    public void Nobody_there_ends_the_dial_by_the_handshake_time_out()
    {
        using var pair = new SimulatedPair();
        pair.Network.Link(pair.Client, pair.Server).Drops = static _ => true;
        pair.Dial();
        Assert.True(pair.Run(() => pair.Dialled.Core.State == ConnectionState.Closed));
        Assert.Equal(ConnectionCloseKind.HandshakeTimeout, pair.Dialled.Core.Close!.Kind);
        Assert.Equal(TimeSpan.FromSeconds(10), pair.Network.Now);
        pair.CheckNothingIsLeft();
    }

    [Fact]
    public void Another_peer_than_the_expected_one_is_told_so_by_the_alert_that_the_user_sees_too()
    {
        using var pair = new SimulatedPair();
        pair.Client.Expected = pair.Client.Id;
        pair.Dial();
        Assert.True(pair.Run(() => pair.Dialled.Core.Close is not null && pair.Server.Connections is [{ Core.Close: not null }]));
        Assert.Equal(ConnectionCloseKind.Violation, pair.Dialled.Core.Close!.Kind);
        Assert.Equal((byte?)48, pair.Dialled.Core.Close.TlsAlert);
        Assert.Equal(ConnectionCloseKind.FailedByPeer, pair.Accepted.Core.Close!.Kind);
        Assert.Equal((byte?)48, pair.Accepted.Core.Close.TlsAlert);
    }

    [Fact]
    public void The_first_packet_from_several_addresses_is_one_connection()
    {
        using var pair = new SimulatedPair();
        UdpAddress other = pair.Network.AddAddress(pair.Client);
        bool copied = false;
        pair.Network.Link(pair.Client, pair.Server).Drops = datagram =>
        {
            if (!copied)
            {
                copied = true;
                pair.Network.Schedule(pair.Network.Now, datagram with { From = other, Bytes = [.. datagram.Bytes] });
            }

            return false;
        };
        pair.Connect();
        Assert.Single(pair.Server.Connections);
        pair.CloseAndCheck();
    }

    [Fact]
    public void A_server_may_answer_from_another_address_until_its_first_handshake_packet()
    {
        using var pair = new SimulatedPair();
        UdpAddress other = pair.Network.AddAddress(pair.Server);
        pair.Network.Link(pair.Server, pair.Client).Drops = datagram =>
        {
            if (datagram.From == other)
            {
                return false;
            }

            pair.Network.Schedule(pair.Network.Now + TimeSpan.FromMilliseconds(10), datagram with { From = other });
            return true;
        };
        pair.Connect();
        Assert.Equal(other, pair.Dialled.Core.Path.Remote);
    }

    [Fact]
    public void A_token_for_later_arrives()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        Assert.True(pair.Dialled.Core.TryTakeToken(out byte[]? token));
        Assert.Equal([1, 2, 3, 4], token);
    }

    [Fact]
    public void An_application_that_closes_during_the_handshake_does_not_say_why_in_the_clear()
    {
        using var pair = new SimulatedPair();
        pair.Dial();
        pair.Run(() => pair.Server.Connections.Count == 1);
        pair.Dialled.Core.CloseByApplication(42, "a secret of the application", pair.Network.Now);
        Assert.True(pair.Run(() => pair.Accepted.Core.Close is not null));
        Assert.Equal((long)TransportErrorCode.ApplicationError, pair.Accepted.Core.Close!.ErrorCode);
        Assert.Equal("", pair.Accepted.Core.Close.Reason);
    }
}
