using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>Writes bytes that say where in which stream they belong.</summary>
internal sealed class PatternWriter(bool isServer, MultiplexedStream stream, int length)
{
    private int _written;

    public bool IsServer { get; } = isServer;

    public MultiplexedStream Stream { get; } = stream;

    /// <summary>Whether everything was handed over, or somebody gave up.</summary>
    public bool IsDone => Stream.Send!.State is SendState.FinSent or SendState.ResetPending or SendState.ResetSent;

    public static byte ByteAt(long stream, long offset) => (byte)((offset * 131) + (offset >> 8) + (stream * 17));

    public void Step(Random random, bool aborts)
    {
        SendStream send = Stream.Send!;
        if (send.State != SendState.Sending || send.IsWriteWaiting || send.IsCompleted)
        {
            return;
        }

        if (aborts && random.Next(40) == 0)
        {
            send.Abort(5);
            return;
        }

        int count = Math.Min(random.Next(8_000), length - _written);
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = ByteAt(Stream.Id, _written + i);
        }

        _written += count;
        send.Write(bytes, complete: _written == length);
    }

    public override string ToString() => $"{(IsServer ? "server" : "client")} {Stream.Id}: {_written}/{length} {Stream.Send!.State} waiting {Stream.Send.IsWriteWaiting} sent {Stream.Send.Sent} limit {Stream.Send.Limit} lost {Stream.Send.HasLost} ready {Stream.Send.IsReady} line {Stream.IsInDataQueue} blocked {Stream.IsInBlockedQueue}";
}
