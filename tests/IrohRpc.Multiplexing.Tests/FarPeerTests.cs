using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

/// <summary>A bulk transfer between two sessions over a simulated path: delay, rate and time are the test's.</summary>
public sealed class FarPeerTests
{
    private const int Megabyte = 1024 * 1024;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(0.25);

    [Theory]
    [InlineData(10, 100)]
    [InlineData(50, 25)]
    [InlineData(50, 50)]
    [InlineData(100, 25)]
    public void A_far_stream_is_as_fast_as_nine_tenths_of_bare_bytes_on_the_same_path(int roundTripMilliseconds, int megabytesPerSecond)
    {
        TimeSpan bare = TransferBare(roundTripMilliseconds, megabytesPerSecond, total: 100 * Megabyte);
        TimeSpan ours = Transfer(roundTripMilliseconds, megabytesPerSecond, total: 100 * Megabyte);
        TestContext.Current.TestOutputHelper!.WriteLine($"{roundTripMilliseconds} ms, {megabytesPerSecond} MB/s: {bare / ours:0.00} of bare");
        Assert.InRange(bare / ours, 0.9, 1.02);
    }

    private static TimeSpan TransferBare(int roundTrip, int megabytesPerSecond, long total)
    {
        TimeSpan now = TimeSpan.Zero;
        long received = 0;
        var path = new Path((buffer, _) => buffer.Length, (bytes, _) => received += bytes.Length, roundTrip / 2.0, megabytesPerSecond);
        for (; received < total; now += Step)
        {
            path.Move(now);
        }

        return now;
    }

    private static TimeSpan Transfer(int roundTrip, int megabytesPerSecond, long total)
    {
        TimeSpan now = TimeSpan.Zero;
        Side near = new(isClient: true), far = new(isClient: false);
        Path there = new(near.Session.Send, far.Take, roundTrip / 2.0, megabytesPerSecond), back = new(far.Session.Send, near.Take, roundTrip / 2.0, megabytesPerSecond);
        MultiplexedStream? sending = null, receiving = null;
        byte[] content = new byte[128 * 1024], read = new byte[128 * 1024];
        long received = 0;
        while (received < total)
        {
            sending ??= near.Session.Peer is null ? null : near.Session.Streams.TryOpen(bidirectional: true);
            if (sending is { Send.IsWriteWaiting: false })
            {
                sending.Send.Write(content, complete: false);
            }

            there.Move(now);
            back.Move(now);
            receiving ??= far.Session.Streams.TryAccept(bidirectional: true);
            for (int count = 1; receiving is not null && count > 0; received += count)
            {
                count = receiving.Receive!.Read(read);
            }

            Assert.Equal((QMuxSessionState.Open, QMuxSessionState.Open), (near.Session.State, far.Session.State));
            now += Step;
        }

        return now;
    }

    private sealed class Side(bool isClient)
    {
        public QMuxSession Session { get; } = new(
            isClient,
            new QMuxTransportParameters { Limits = HandDrivenPeer.Limits(streams: 1024, bytes: 16 * 1024, allBytes: 64 * Megabyte), MaxIdleTimeout = 30_000 },
            null,
            TimeSpan.Zero,
            new ReceiveWindows(usual: 256 * 1024, longest: 16 * Megabyte, budget: 32 * Megabyte));

        public void Take(byte[] bytes, TimeSpan now) => Assert.Equal(bytes.Length, Session.Receive(bytes, now));
    }

    private delegate int Sender(Span<byte> buffer, TimeSpan now);

    /// <summary>
    /// One way of TCP: what is written leaves at the rate, as far as the congestion window goes, which doubles with each round trip; it arrives after the delay.
    /// </summary>
    private sealed class Path(Sender send, Action<byte[], TimeSpan> take, double delayMilliseconds, int megabytesPerSecond)
    {
        private const int FirstCongestionWindow = 10 * 1460;

        private readonly Queue<(double Due, byte[] Bytes)> _onTheWay = new();
        private readonly Queue<(double Due, int Count)> _acknowledgements = new();
        private readonly byte[] _buffer = new byte[16 * 1024];
        private double _congestionWindow = FirstCongestionWindow;
        private double _inFlight;
        private double _freeAt;

        public void Move(TimeSpan now)
        {
            double milliseconds = now.TotalMilliseconds;
            while (_onTheWay.TryPeek(out (double Due, byte[] Bytes) first) && first.Due <= milliseconds)
            {
                _onTheWay.Dequeue();
                take(first.Bytes, now);
            }

            while (_acknowledgements.TryPeek(out (double Due, int Count) first) && first.Due <= milliseconds)
            {
                _acknowledgements.Dequeue();
                _inFlight -= first.Count;
                _congestionWindow += first.Count;
            }

            while (_freeAt <= milliseconds + 1 && _inFlight < _congestionWindow && send(_buffer, now) is > 0 and var count)
            {
                _freeAt = Math.Max(_freeAt, milliseconds) + (count / (megabytesPerSecond * 1024 * 1024 / 1000.0));
                _inFlight += count;
                _onTheWay.Enqueue((_freeAt + delayMilliseconds, _buffer[..count]));
                _acknowledgements.Enqueue((_freeAt + (2 * delayMilliseconds), count));
            }
        }
    }
}
