using CsCheck;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Recovery;

public class LossDetectionTests
{
    [Fact]
    public void Acknowledged_packets_are_reported_once()
    {
        var harness = new RecoveryHarness();
        long[] sent = harness.Send(3);
        harness.Advance(50);
        harness.Ack(sent[0], sent[1]);
        harness.Ack(sent[0], sent[1]);
        harness.Ack(sent);
        Assert.Equal(sent, harness.Acknowledged);
        Assert.Empty(harness.Lost);
        Assert.Equal(LossRecovery.NoTimeout, harness.Recovery.NextTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(50), harness.Rtt.Latest);
    }

    [Fact]
    public void Three_packets_later_a_packet_is_lost()
    {
        var harness = new RecoveryHarness();
        long[] sent = harness.Send(6);
        harness.Advance(50);
        harness.Ack(sent[4]);
        Assert.Equal([sent[0], sent[1]], harness.Lost);
        Assert.True(harness.Outcomes[^1].HasLoss);
    }

    [Fact]
    public void A_packet_sent_long_before_an_acknowledged_one_is_lost_by_time()
    {
        var harness = new RecoveryHarness();
        long[] sent = harness.Send(2);
        harness.Advance(80);
        harness.Ack(sent[1]);
        Assert.Empty(harness.Lost);

        // 9/8 of 80 ms after it was sent.
        TimeSpan due = harness.Now + TimeSpan.FromMilliseconds(10);
        Assert.Equal(due, harness.Recovery.NextTimeout);
        harness.Now = due - TimeSpan.FromTicks(1);
        harness.Recovery.OnTimeout(harness.Now);
        Assert.Empty(harness.Lost);
        harness.Now = due;
        harness.Recovery.OnTimeout(harness.Now);
        Assert.Equal([sent[0]], harness.Lost);
        Assert.Equal(LossRecovery.NoTimeout, harness.Recovery.NextTimeout);
    }

    [Fact]
    public void A_late_acknowledgement_is_told_as_spurious_and_makes_the_thresholds_patient()
    {
        var harness = new RecoveryHarness();
        long[] sent = harness.Send(10);
        harness.Advance(50);
        harness.Ack(sent[5]);
        Assert.Equal(sent[..3], harness.Lost);
        harness.Ack(sent[..7]);
        Assert.Equal(sent[..3], harness.Spurious);

        // Six packets of reordering are tolerated from now on.
        harness.Ack(sent);
        harness.Clear();
        long[] next = harness.Send(10);
        harness.Advance(50);
        harness.Ack(next[6]);
        Assert.Empty(harness.Lost);
        harness.Ack(next[7]);
        Assert.Equal([next[0]], harness.Lost);
    }

    [Fact]
    public void Tail_loss_is_probed_with_two_packets_and_backs_off()
    {
        var harness = new RecoveryHarness();
        long[] sent = harness.Send(2);
        harness.Advance(100);
        harness.Ack(sent[0]);
        harness.Advance(1);
        harness.Ack(sent[1]);
        harness.Clear();

        TimeSpan pto = harness.Recovery.ProbeTimeout;
        TimeSpan sentAt = harness.Now;
        long tail = harness.Send();
        Assert.Equal(sentAt + pto, harness.Recovery.NextTimeout);
        harness.Now = sentAt + pto;
        harness.Recovery.OnTimeout(harness.Now);
        Assert.Equal(2, harness.Recovery.ProbesPending(PacketSpace.Application));
        Assert.Empty(harness.Lost);
        Assert.True(harness.Recovery.TryGetOldest(PacketSpace.Application, out SentPacket oldest));
        Assert.Equal(tail, oldest.PacketNumber);

        harness.Send();
        Assert.Equal(1, harness.Recovery.ProbesPending(PacketSpace.Application));
        long probe = harness.Send();
        Assert.Equal(0, harness.Recovery.ProbesPending(PacketSpace.Application));
        Assert.Equal(harness.Now + (2 * pto), harness.Recovery.NextTimeout);
        harness.Now += 2 * pto;
        harness.Recovery.OnTimeout(harness.Now);
        harness.Send();
        Assert.Equal(harness.Now + (4 * pto), harness.Recovery.NextTimeout);

        harness.Ack(probe);
        Assert.Equal([tail], harness.Lost);
        Assert.Equal(0, harness.Recovery.ProbeTimeoutCount);
    }

    [Fact]
    public void Persistent_congestion_is_a_long_run_of_losses_without_an_acknowledgement()
    {
        var harness = new RecoveryHarness();
        Warm(harness);
        harness.Send();
        harness.Advance((3 * harness.Recovery.ProbeTimeout.TotalMilliseconds) + 1);
        harness.Send();
        long last = harness.Send();
        harness.Send(3);
        harness.Advance(100);
        harness.Ack(last + 3);
        Assert.True(harness.Outcomes[^1].IsPersistentCongestion);
    }

    [Fact]
    public void An_acknowledgement_between_the_losses_and_a_short_run_are_no_persistent_congestion()
    {
        var harness = new RecoveryHarness();
        Warm(harness);
        double duration = 3 * harness.Recovery.ProbeTimeout.TotalMilliseconds;
        harness.Send();
        harness.Advance(duration / 2);
        long middle = harness.Send();
        harness.Advance((duration / 2) + 1);
        long[] last = harness.Send(6);
        harness.Advance(100);
        harness.Ack(middle, last[5]);
        Assert.NotEmpty(harness.Lost);
        Assert.DoesNotContain(harness.Outcomes, outcome => outcome.IsPersistentCongestion);

        harness.Send();
        harness.Advance(harness.Recovery.ProbeTimeout.TotalMilliseconds * 2);
        last = harness.Send(6);
        harness.Advance(100);
        harness.Ack(last[5]);
        Assert.DoesNotContain(harness.Outcomes, outcome => outcome.IsPersistentCongestion);
    }

    [Fact]
    public void Losses_from_before_the_first_sample_are_no_persistent_congestion()
    {
        var harness = new RecoveryHarness();
        harness.Send();
        harness.Advance(100_000);
        long[] last = harness.Send(6);
        harness.Advance(100);
        harness.Ack(last[5]);
        Assert.Contains(0, harness.Lost);
        Assert.DoesNotContain(harness.Outcomes, outcome => outcome.IsPersistentCongestion);
    }

    [Fact]
    public void An_acknowledgement_of_what_was_not_sent_is_a_violation()
    {
        var harness = new RecoveryHarness();
        long last = harness.Send(3)[2];
        Violates(() => harness.Ack(last + 1));
        Violates(() => harness.Ack(PacketSpace.Handshake, 0));
        Violates(() => harness.Ack(long.MaxValue >> 2));
        harness.Ack(last);
    }

    [Fact]
    public void An_acknowledgement_of_a_skipped_number_is_a_violation_even_much_later()
        => Gen.Int.Sample(seed =>
        {
            var harness = new RecoveryHarness(seed: seed);
            List<long> sent = [];
            while (sent.Count < 300)
            {
                sent.Add(harness.Send());
                harness.Advance(1);
                harness.Ack([.. sent]);
            }

            Assert.NotEqual(299, sent[^1]);
            Violates(() => harness.Ack([.. Enumerable.Range(0, (int)sent[^1] + 1).Select(number => (long)number)]));
        }, iter: 20);

    [Fact]
    public void A_lost_MTU_probe_is_no_sign_of_congestion()
    {
        var harness = new RecoveryHarness();
        Warm(harness);
        harness.Send(flags: SentPacketFlags.AckEliciting | SentPacketFlags.InFlight | SentPacketFlags.MtuProbe);
        long[] sent = harness.Send(4);
        harness.Advance(100);
        harness.Ack(sent);
        Assert.Single(harness.Lost);
        Assert.False(harness.Outcomes[^1].HasLoss);
    }

    [Fact]
    public void Packets_of_another_path_give_no_sample_and_no_sign_of_congestion()
    {
        var harness = new RecoveryHarness();
        Warm(harness);
        TimeSpan before = harness.Rtt.Latest;
        long[] old = harness.Send(6);
        var rtt = new RttEstimator();
        harness.Recovery.OnPathChanged(1, rtt);
        harness.Advance(500);
        harness.Ack(old[5]);
        Assert.NotEmpty(harness.Lost);
        Assert.False(harness.Outcomes[^1].HasLoss);
        Assert.False(rtt.HasSample);
        Assert.Equal(before, harness.Rtt.Latest);
        long fresh = harness.Send(path: 1);
        harness.Advance(30);
        harness.Ack(fresh);
        Assert.Equal(TimeSpan.FromMilliseconds(30), rtt.Latest);
    }

    [Fact]
    public void A_receiver_that_only_acknowledges_asks_for_an_answer_and_forgets_the_oldest()
    {
        var harness = new RecoveryHarness();
        for (int i = 0; i < 5000; i++)
        {
            harness.Send(flags: SentPacketFlags.None);
        }

        Assert.True(harness.Recovery.ShouldElicitAcknowledgement(PacketSpace.Application));
        Assert.InRange(harness.Discarded.Count, 3000, 5000);
        Assert.Equal(LossRecovery.NoTimeout, harness.Recovery.NextTimeout);
        harness.Send();
        Assert.False(harness.Recovery.ShouldElicitAcknowledgement(PacketSpace.Application));
    }

    [Fact]
    public void A_discarded_space_gives_its_packets_back_and_resets_the_back_off()
    {
        var harness = new RecoveryHarness { Recovery = { IsHandshakeConfirmed = false } };
        long sent = harness.Send(PacketSpace.Initial);
        harness.Now = harness.Recovery.NextTimeout;
        harness.Recovery.OnTimeout(harness.Now);
        Assert.Equal(1, harness.Recovery.ProbeTimeoutCount);
        harness.Recovery.Discard(PacketSpace.Initial, harness.Now);
        Assert.Equal([sent], harness.Discarded);
        Assert.Equal(0, harness.Recovery.ProbeTimeoutCount);
        Assert.Equal(0, harness.Recovery.ProbesPending(PacketSpace.Initial));
        Assert.Equal(LossRecovery.NoTimeout, harness.Recovery.NextTimeout);
    }

    [Fact]
    public void Abandoned_packets_are_sent_again_and_numbers_go_on()
    {
        var harness = new RecoveryHarness();
        harness.Send(PacketSpace.Initial);
        harness.Recovery.Abandon(PacketSpace.Initial, harness.Now);
        Assert.Equal([0], harness.Lost);
        Assert.Empty(harness.Outcomes);
        Assert.Equal(1, harness.Send(PacketSpace.Initial));
        harness.Ack(PacketSpace.Initial, 0, 1);
        Assert.Equal([1], harness.Acknowledged);
    }

    private static void Warm(RecoveryHarness harness)
    {
        long sent = harness.Send();
        harness.Advance(100);
        harness.Ack(sent);
        harness.Clear();
        harness.Advance(1);
    }

    private static void Violates(Action action)
        => Assert.Equal(TransportErrorCode.ProtocolViolation, Assert.Throws<TransportViolationException>(action).Code);
}
