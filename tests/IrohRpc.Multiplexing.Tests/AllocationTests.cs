using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void A_steady_exchange_on_one_stream_allocates_nothing()
    {
        var one = new Side(true);
        var other = new Side(false);
        Carry(one, other);
        Carry(other, one);
        MultiplexedStream near = one.Session.Streams.TryOpen(bidirectional: true)!;
        near.Send!.Write(new byte[1], complete: false);
        Carry(one, other);
        MultiplexedStream far = other.Session.Streams.TryAccept(bidirectional: true)!;
        byte[] message = new byte[300];
        byte[] answer = new byte[2000];

        void Exchange()
        {
            near.Send!.Write(message, complete: false);
            Carry(one, other);
            while (far.Receive!.Read(answer) > 0)
            {
            }

            far.Receive.Expect(answer);
            near.Send.Write(message, complete: false);
            Carry(one, other);
            far.Receive.TakeDelivered();
            far.Send!.Write(message, complete: false);
            Carry(other, one);
            near.Receive!.Read(answer);
        }

        for (int i = 0; i < 5000; i++)
        {
            Exchange();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            Exchange();
        }

        // The shared pool may lose an array to a collection; nothing grows with the exchanges.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    private static void Carry(Side from, Side to)
    {
        int count = from.Session.Send(from.Buffer, default);
        if (to.Session.Receive(from.Buffer.AsSpan(0, count), default) != count)
        {
            Assert.Fail("A session sends whole records and takes them.");
        }

        while (to.Session.Streams.TryTakeEvent(out _, out _))
        {
        }
    }

    private sealed class Side(bool isClient)
    {
        public QMuxSession Session { get; } = new(
            isClient,
            new QMuxTransportParameters { Limits = HandDrivenPeer.Limits(10, 100_000, 200_000) },
            null,
            TimeSpan.Zero);

        public byte[] Buffer { get; } = new byte[64 * 1024];
    }
}
