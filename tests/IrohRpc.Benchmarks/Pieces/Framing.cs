using BenchmarkDotNet.Attributes;
using IrohRpc.Benchmarks.Pieces.Calls;
using IrohRpc.Internal;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>Frames of a lane, 64 bytes of arguments each, without a transport. The figures are for one frame.</summary>
[MemoryDiagnoser]
public class Framing : IDisposable
{
    private const int Frames = 100;

    private static readonly byte[] Head = new byte[15];
    private static readonly byte[] Arguments = new byte[64];

    private readonly FrameSender _sender = new(new ReplayedStream(default));
    private readonly ReplayedStream _stream = new(Repeated(Frame(), Frames));
    private readonly FrameReader _reader;

    public Framing() => _reader = new FrameReader(_stream);

    [GlobalCleanup]
    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One frame, one write.</summary>
    [Benchmark]
    public void Send()
    {
        _sender.Append(FrameType.Request, Head, default, Arguments);
        _sender.Flush();
    }

    /// <summary>A hundred frames in one write.</summary>
    [Benchmark(OperationsPerInvoke = Frames)]
    public void SendTogether()
    {
        for (int i = 0; i < Frames; i++)
        {
            _sender.Append(FrameType.Request, Head, default, Arguments);
        }

        _sender.Flush();
    }

    /// <summary>A hundred frames as one read brings them.</summary>
    [Benchmark(OperationsPerInvoke = Frames)]
    public async Task<int> Read()
    {
        _stream.Rewind();
        int count = 0;
        while (await _reader.FillAsync())
        {
            count += Take();
        }

        return count == Frames ? count : throw new InvalidOperationException($"{count} frames came in place of {Frames}.");
    }

    private static byte[] Frame()
    {
        int length = 1 + Head.Length + Arguments.Length;
        byte[] frame = new byte[VarInt.LengthOf(length) + length];
        frame[VarInt.Write(frame, length)] = (byte)FrameType.Request;
        return frame;
    }

    private static byte[] Repeated(byte[] frame, int count) => [.. Enumerable.Repeat(frame, count).SelectMany(bytes => bytes)];

    private int Take()
    {
        int count = 0;
        while (_reader.TryRead(WireFormat.LargestLaneFrame, out _, out _) == FrameReadResult.Frame)
        {
            count++;
        }

        return count;
    }
}
