using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>Reads what a <see cref="PatternWriter"/> wrote, and fails at the first byte that is not in its place.</summary>
internal sealed class PatternReader(MultiplexedStream stream)
{
    private long _read;

    /// <summary>Whether the end was read, or somebody gave up.</summary>
    public bool IsDone => stream.Receive!.State is ReceiveState.DataRead or ReceiveState.Reset || stream.Receive.StopCode is not null;

    public void Step(Random random, byte[] buffer, bool aborts)
    {
        ReceiveStream receive = stream.Receive!;
        if (IsDone)
        {
            return;
        }

        if (aborts && random.Next(60) == 0)
        {
            receive.Abort(6);
            return;
        }

        int count = receive.Read(buffer.AsSpan(0, random.Next(1, buffer.Length)));
        for (int i = 0; i < count; i++)
        {
            if (buffer[i] != PatternWriter.ByteAt(stream.Id, _read + i))
            {
                Assert.Fail($"Byte {_read + i} of stream {stream.Id} is not the one that was written.");
            }
        }

        _read += count;
    }

    public override string ToString() => $"read {_read} {stream.Receive!.State}";
}
