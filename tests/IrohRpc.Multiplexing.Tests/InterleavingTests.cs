using CsCheck;
using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

/// <summary>Two sessions, connected by bytes that travel in pieces of any size, under operations in any order.</summary>
public sealed class InterleavingTests
{
    [Fact]
    public void Every_stream_delivers_exactly_what_was_written_to_it_in_any_interleaving()
        => Gen.Select(Gen.Int, Gen.Int[1, 8], Gen.Int[16, 5000], Gen.Int[16, 20_000])
            .Sample((seed, streams, bytes, allBytes) => new Run(seed, streams, bytes, allBytes).Go(), iter: 400);

    private sealed class Run
    {
        private readonly Random _random;
        private readonly Side _one;
        private readonly Side _other;

        public Run(int seed, int streams, int bytes, int allBytes)
        {
            _random = new Random(seed);
            StreamLimits limits = HandDrivenPeer.Limits(streams, bytes, allBytes);
            _one = new Side(true, limits);
            _other = new Side(false, limits);
        }

        public void Go()
        {
            for (int i = 0; i < 600; i++)
            {
                Step(_one, _other);
                Step(_other, _one);
            }

            // Let everything run to its end: all is completed, read and carried over.
            for (int i = 0; i < 50_000 && !IsQuiet(); i++)
            {
                foreach (Side side in new[] { _one, _other })
                {
                    side.AcceptAll();
                    side.ReadAll();
                    side.CompleteAll();
                    Carry(side, side == _one ? _other : _one, int.MaxValue);
                }
            }

            Assert.True(IsQuiet(), "nothing may be left to send");
            foreach ((Side from, Side to) in new[] { (_one, _other), (_other, _one) })
            {
                Assert.Equal(QMuxSessionState.Open, from.Session.State);
                Assert.Equal(0, from.Session.Streams.StreamCount);
                Assert.Equal(0, from.Session.Streams.Segments.RentedBytes);
                foreach ((long id, StreamLog log) in from.Logs)
                {
                    AssertDelivered(log, to.Logs.GetValueOrDefault(id));
                }
            }
        }

        private static void AssertDelivered(StreamLog sender, StreamLog? receiver)
        {
            byte[] written = [.. sender.Written];
            byte[] read = receiver is null ? [] : [.. receiver.Read];
            Assert.True(written.AsSpan().StartsWith(read), "what is read is what was written, in order");
            if (sender.IsCompleted && !sender.IsAborted && receiver is { IsReadAborted: false })
            {
                Assert.Equal(written.Length, read.Length);
            }
        }

        private bool IsQuiet() => new[] { _one, _other }.All(s =>
            !s.Session.Streams.HasFrames && s.InFlight.Count == 0 && s.Session.Streams.StreamCount == 0);

        private void Step(Side side, Side other)
        {
            switch (_random.Next(10))
            {
                case 0:
                    side.Open(_random.Next(2) == 0);
                    break;
                case 1:
                    side.AcceptAll();
                    break;
                case 2 or 3:
                    side.Write(_random);
                    break;
                case 4:
                    side.AbortOne(_random);
                    break;
                case 5 or 6:
                    side.ReadOne(_random);
                    break;
                default:
                    Carry(side, other, 1 + _random.Next(3000));
                    break;
            }
        }

        private static void Carry(Side from, Side to, int most)
        {
            int count = from.Session.Send(from.Buffer, default);
            from.InFlight.AddRange(from.Buffer.AsSpan(0, count));
            from.TakeEvents();
            int moved = Math.Min(most, from.InFlight.Count);
            to.Held.AddRange(from.InFlight.GetRange(0, moved));
            from.InFlight.RemoveRange(0, moved);
            byte[] held = [.. to.Held];
            to.Held.RemoveRange(0, to.Session.Receive(held, default));
            to.TakeEvents();
            Assert.Equal(QMuxSessionState.Open, to.Session.State);
            Assert.InRange(to.Held.Count, 0, QMuxSession.MaxRecordLength);
        }
    }

    private sealed class StreamLog(MultiplexedStream stream)
    {
        public MultiplexedStream Stream { get; } = stream;

        public List<byte> Written { get; } = [];

        public List<byte> Read { get; } = [];

        public bool IsCompleted { get; set; }

        public bool IsAborted { get; set; }

        public bool IsReadAborted { get; set; }

        public byte[]? Destination { get; set; }
    }

    private sealed class Side(bool isClient, StreamLimits limits)
    {
        private byte _next;

        public QMuxSession Session { get; } =
            new(isClient, new QMuxTransportParameters { Limits = limits }, null, TimeSpan.Zero);

        public Dictionary<long, StreamLog> Logs { get; } = [];

        public List<byte> InFlight { get; } = [];

        public List<byte> Held { get; } = [];

        public byte[] Buffer { get; } = new byte[20_000];

        public void Open(bool bidirectional)
        {
            if (Session.Streams.TryOpen(bidirectional) is { } stream)
            {
                Add(stream);
            }
        }

        public void AcceptAll()
        {
            while ((Session.Streams.TryAccept(true) ?? Session.Streams.TryAccept(false)) is { } stream)
            {
                Add(stream);
            }
        }

        public void Write(Random random)
        {
            if (Pick(random, l => CanWrite(l) && !l.IsCompleted) is { } log)
            {
                byte[] data = new byte[random.Next(4) == 0 ? random.Next(30_000) : random.Next(50)];
                for (int i = 0; i < data.Length; i++)
                {
                    data[i] = _next++;
                }

                log.IsCompleted = random.Next(4) == 0;
                log.Written.AddRange(data);
                log.Stream.Send!.Write(data, log.IsCompleted);
            }
        }

        public void AbortOne(Random random)
        {
            if (random.Next(8) == 0 && Pick(random, _ => true) is { } log)
            {
                if (random.Next(2) == 0)
                {
                    log.IsAborted |= log.Stream.Send?.Abort(1) ?? false;
                }
                else
                {
                    log.IsReadAborted |= log.Stream.Receive?.Abort(2) ?? false;
                    log.Destination = null;
                }
            }
        }

        public void ReadOne(Random random)
        {
            if (Pick(random, l => l.Stream.Receive is not null && l.Destination is null) is { } log)
            {
                byte[] destination = new byte[1 + random.Next(4000)];
                if (log.Stream.Receive!.IsReadable)
                {
                    log.Read.AddRange(destination.AsSpan(0, log.Stream.Receive.Read(destination)));
                }
                else
                {
                    log.Destination = destination;
                    log.Stream.Receive.Expect(destination);
                }
            }
        }

        public void ReadAll()
        {
            foreach (StreamLog log in Logs.Values.Where(l => l.Stream.Receive is not null && l.Destination is null))
            {
                log.Read.AddRange(Buffer.AsSpan(0, log.Stream.Receive!.Read(Buffer)));
            }
        }

        public void CompleteAll()
        {
            foreach (StreamLog log in Logs.Values.Where(l => l.Stream.Send is not null))
            {
                log.IsCompleted = true;
                log.Stream.Send!.Complete();
            }
        }

        public void TakeEvents()
        {
            while (Session.Streams.TryTakeEvent(out MultiplexedStream stream, out StreamEvents events))
            {
                if (!Logs.TryGetValue(stream.Id, out StreamLog? log))
                {
                    continue;
                }

                if ((events & StreamEvents.Stopped) != 0)
                {
                    log.IsAborted = true;
                }

                if ((events & StreamEvents.Readable) != 0 && log.Destination is { } destination)
                {
                    log.Read.AddRange(destination.AsSpan(0, stream.Receive!.TakeDelivered()));
                    stream.Receive.Read([]);
                    log.Destination = null;
                }
            }
        }

        private static bool CanWrite(StreamLog log)
            => log.Stream.Send is { State: SendState.Sending, IsCompleted: false, IsWriteWaiting: false };

        private void Add(MultiplexedStream stream) => Logs.Add(stream.Id, new StreamLog(stream));

        private StreamLog? Pick(Random random, Func<StreamLog, bool> fits)
        {
            StreamLog[] fitting = [.. Logs.Values.Where(fits)];
            return fitting.Length == 0 ? null : fitting[random.Next(fitting.Length)];
        }
    }
}
