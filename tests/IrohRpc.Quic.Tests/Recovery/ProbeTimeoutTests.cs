using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Recovery;

public class ProbeTimeoutTests
{
    [Fact]
    public void A_client_that_has_nothing_in_flight_keeps_probing_until_its_address_is_known_to_be_valid()
    {
        RecoveryHarness harness = Client();
        long initial = harness.Send(PacketSpace.Initial);
        harness.Advance(50);
        harness.Ack(PacketSpace.Initial, initial);

        // The server may be held by its amplification limit.
        TimeSpan due = harness.Now + harness.Rtt.ProbeTimeout;
        Assert.Equal(due, harness.Recovery.NextTimeout);
        harness.Now = due;
        harness.Recovery.OnTimeout(due);
        Assert.Equal(1, harness.Recovery.ProbesPending(PacketSpace.Initial));
        Assert.Equal(due + (2 * harness.Rtt.ProbeTimeout), harness.Recovery.NextTimeout);

        harness.Recovery.HasHandshakeKeys = true;
        harness.Now = harness.Recovery.NextTimeout;
        harness.Recovery.OnTimeout(harness.Now);
        Assert.Equal(1, harness.Recovery.ProbesPending(PacketSpace.Handshake));

        long handshake = harness.Send(PacketSpace.Handshake);
        harness.Ack(PacketSpace.Handshake, handshake);
        Assert.Equal(LossRecovery.NoTimeout, harness.Recovery.NextTimeout);
    }

    [Fact]
    public void A_clients_back_off_is_kept_until_its_address_is_known_to_be_valid()
    {
        RecoveryHarness harness = Client();
        long initial = harness.Send(PacketSpace.Initial);
        harness.Now = harness.Recovery.NextTimeout;
        harness.Recovery.OnTimeout(harness.Now);
        harness.Ack(PacketSpace.Initial, initial);
        Assert.Equal(1, harness.Recovery.ProbeTimeoutCount);
    }

    [Fact]
    public void A_server_at_its_amplification_limit_waits_for_the_client()
    {
        var harness = new RecoveryHarness { Recovery = { IsHandshakeConfirmed = false } };
        harness.Send(PacketSpace.Initial);
        TimeSpan due = harness.Recovery.NextTimeout;
        harness.Recovery.IsAmplificationLimited = true;
        Assert.Equal(LossRecovery.NoTimeout, harness.Recovery.NextTimeout);
        harness.Recovery.OnTimeout(due);
        Assert.Equal(0, harness.Recovery.ProbesPending(PacketSpace.Initial));

        // Once the limit is lifted, a probe that is overdue leaves at once.
        harness.Recovery.IsAmplificationLimited = false;
        Assert.Equal(due, harness.Recovery.NextTimeout);
    }

    [Fact]
    public void The_applications_space_is_not_probed_before_the_handshake_is_confirmed()
    {
        var harness = new RecoveryHarness { Recovery = { IsHandshakeConfirmed = false } };
        harness.Send();
        Assert.Equal(LossRecovery.NoTimeout, harness.Recovery.NextTimeout);
        harness.Recovery.IsHandshakeConfirmed = true;
        Assert.Equal(harness.Now + harness.Rtt.ProbeTimeout + harness.Recovery.PeerMaxAckDelay, harness.Recovery.NextTimeout);
    }

    [Fact]
    public void A_client_with_only_0_RTT_in_flight_still_keeps_the_handshake_going()
    {
        RecoveryHarness harness = Client();
        long initial = harness.Send(PacketSpace.Initial);
        harness.Send(PacketSpace.Application);
        harness.Ack(PacketSpace.Initial, initial);
        harness.Now = harness.Recovery.NextTimeout;
        Assert.NotEqual(LossRecovery.NoTimeout, harness.Now);
        harness.Recovery.OnTimeout(harness.Now);
        Assert.Equal(1, harness.Recovery.ProbesPending(PacketSpace.Initial));
    }

    [Fact]
    public void The_earliest_space_is_probed()
    {
        var harness = new RecoveryHarness { Recovery = { IsHandshakeConfirmed = false } };
        harness.Send(PacketSpace.Handshake);
        harness.Advance(10);
        harness.Send(PacketSpace.Initial);
        harness.Now = harness.Recovery.NextTimeout;
        harness.Recovery.OnTimeout(harness.Now);
        Assert.Equal(2, harness.Recovery.ProbesPending(PacketSpace.Handshake));
        Assert.Equal(0, harness.Recovery.ProbesPending(PacketSpace.Initial));
    }

    [Fact]
    public void The_back_off_does_not_overflow()
    {
        var harness = new RecoveryHarness();
        for (int i = 0; i < 100; i++)
        {
            harness.Send();
            harness.Now = harness.Recovery.NextTimeout;
            harness.Recovery.OnTimeout(harness.Now);
        }

        Assert.Equal(100, harness.Recovery.ProbeTimeoutCount);
    }

    private static RecoveryHarness Client() => new(isServer: false) { Recovery = { IsHandshakeConfirmed = false } };
}
