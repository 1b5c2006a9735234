using CsCheck;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Recovery;

/// <summary>Compares loss detection with the pseudocode of RFC 9002, appendix A, over plain lists.</summary>
public class LossRecoveryModelTests
{
    [Fact]
    public void Acknowledgements_losses_and_timers_are_those_of_the_pseudocode()
        => Gen.Select(Gen.Int, Gen.Int[1, 400]).Sample((seed, steps) =>
        {
            var random = new Random(seed);
            var harness = new RecoveryHarness(seed: seed);
            var model = new Model();
            HashSet<long> received = [];
            for (int i = 0; i < steps; i++)
            {
                harness.Advance(random.NextDouble() * (random.Next(20) == 0 ? 300 : 5));
                switch (random.Next(5))
                {
                    case 0 or 1:
                        long number = harness.Send();
                        model.Sent.Add(number, harness.Now);
                        if (random.Next(8) != 0)
                        {
                            received.Add(number);
                        }

                        break;
                    case 2 when received.Count > 0:
                        // Some of the newest may still be on their way.
                        long[] acknowledged = [.. received.Order().SkipLast(random.Next(4))];
                        if (acknowledged.Length > 0)
                        {
                            harness.Ack(acknowledged);
                            model.OnAck(acknowledged, harness.Now);
                        }

                        break;
                    default:
                        harness.Recovery.OnTimeout(harness.Now);
                        model.OnTimeout(harness.Now);
                        break;
                }

                // The thresholds adapt to spurious losses, which the pseudocode leaves open.
                if (harness.Spurious.Count > 0)
                {
                    return;
                }

                Assert.Equal(model.Acknowledged, harness.Acknowledged);
                Assert.Equal(model.Lost, harness.Lost);
                Assert.Equal(model.NextTimeout, harness.Recovery.NextTimeout);
                Assert.Equal(model.Sent.Count > 0, harness.Recovery.HasAckElicitingInFlight(PacketSpace.Application));
            }
        });

    private sealed class Model
    {
        private readonly RttEstimator _rtt = new();
        private long _largest = -1;
        private TimeSpan _lossTime = TimeSpan.MaxValue;
        private int _ptoCount;
        private TimeSpan _lastSent;

        public SortedDictionary<long, TimeSpan> Sent { get; } = [];

        public List<long> Acknowledged { get; } = [];

        public List<long> Lost { get; } = [];

        public TimeSpan NextTimeout
        {
            get
            {
                if (_lossTime != TimeSpan.MaxValue)
                {
                    return _lossTime;
                }

                if (Sent.Count == 0)
                {
                    return TimeSpan.MaxValue;
                }

                _lastSent = Sent.Values.Max() > _lastSent ? Sent.Values.Max() : _lastSent;
                return _lastSent + ((_rtt.ProbeTimeout + TimeSpan.FromMilliseconds(25)) * (1 << _ptoCount));
            }
        }

        public void OnAck(long[] numbers, TimeSpan now)
        {
            _ = NextTimeout;
            _largest = Math.Max(_largest, numbers.Max());
            long[] newly = [.. numbers.Where(Sent.ContainsKey).Order()];
            if (newly.Length == 0)
            {
                return;
            }

            if (Sent.TryGetValue(numbers.Max(), out TimeSpan sentAt))
            {
                _rtt.Update(now - sentAt, TimeSpan.Zero, now);
            }

            foreach (long number in newly)
            {
                Sent.Remove(number);
                Acknowledged.Add(number);
            }

            _ptoCount = 0;
            Detect(now);
        }

        public void OnTimeout(TimeSpan now)
        {
            if (NextTimeout > now)
            {
                return;
            }

            if (_lossTime != TimeSpan.MaxValue)
            {
                Detect(now);
                return;
            }

            _ptoCount++;
        }

        private void Detect(TimeSpan now)
        {
            _lossTime = TimeSpan.MaxValue;
            TimeSpan longer = _rtt.Latest > _rtt.Smoothed ? _rtt.Latest : _rtt.Smoothed;
            TimeSpan delay = longer * 9 / 8 > RttEstimator.Granularity ? longer * 9 / 8 : RttEstimator.Granularity;
            foreach ((long number, TimeSpan sentAt) in Sent.ToArray())
            {
                if (number > _largest)
                {
                    continue;
                }

                if (sentAt <= now - delay || _largest >= number + 3)
                {
                    Sent.Remove(number);
                    Lost.Add(number);
                }
                else
                {
                    _lossTime = sentAt + delay < _lossTime ? sentAt + delay : _lossTime;
                }
            }
        }
    }
}
