using System.Buffers;
using IrohRpc.Relay.Internal;

namespace IrohRpc.Relay.Tests;

public sealed class FairQueueTests
{
    private static readonly EndpointId Loud = Id(1);
    private static readonly EndpointId Quiet = Id(2);

    [Fact]
    public void A_flood_takes_room_from_itself_only()
    {
        var queue = new FairQueue(maxMessages: 8, maxBytes: 1 << 20);
        queue.Enqueue(Quiet, Message(100));
        queue.Enqueue(Quiet, Message(100));
        int dropped = 0;
        for (int i = 0; i < 1000; i++)
        {
            dropped += queue.Enqueue(Loud, Message(1));
        }

        Assert.Equal(8, queue.Count);
        Assert.Equal(994, dropped);
        Assert.Equal(2, TakeAll(queue).Count(static length => length == 100));
    }

    [Fact]
    public void Senders_are_served_in_turn()
    {
        var queue = new FairQueue(maxMessages: 100, maxBytes: 1 << 20);
        for (int i = 0; i < 10; i++)
        {
            queue.Enqueue(Loud, Message(1000));
        }

        queue.Enqueue(Quiet, Message(7));
        queue.Enqueue(Quiet, Message(8));
        int[] lengths = [.. TakeAll(queue)];
        Assert.Equal([1000, 7, 1000, 8], lengths[..4]);
        Assert.Equal(12, lengths.Length);
    }

    [Fact]
    public void Bytes_are_bounded_as_messages_are()
    {
        var queue = new FairQueue(maxMessages: 1000, maxBytes: 10_000);
        for (int i = 0; i < 100; i++)
        {
            queue.Enqueue(Loud, Message(1000));
            Assert.InRange(queue.Bytes, 0, 10_000);
        }

        queue.Enqueue(Quiet, Message(500));
        Assert.Contains(500, TakeAll(queue).ToArray());
        Assert.Equal((0, 0), (queue.Count, queue.Bytes));
    }

    private static IEnumerable<int> TakeAll(FairQueue queue)
    {
        while (queue.TryDequeue(out RelayMessage message))
        {
            message.Release();
            yield return message.Length;
        }
    }

    private static RelayMessage Message(int length) => new(ArrayPool<byte>.Shared.Rent(length), length);

    private static EndpointId Id(byte first) => new([first, .. new byte[31]]);
}
