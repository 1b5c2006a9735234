using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Fuzzing;

/// <summary>QMux: what comes over TLS and in memory.</summary>
internal static class MultiplexingTargets
{
    private static readonly StreamLimits Limits = new()
    {
        MaxData = 4000,
        MaxStreamDataBidirectionalLocal = 1000,
        MaxStreamDataBidirectionalRemote = 1000,
        MaxStreamDataUnidirectional = 1000,
        MaxStreamsBidirectional = 8,
        MaxStreamsUnidirectional = 8,
    };

    public static IEnumerable<FuzzTarget> All =>
    [
        new("qmux-session", Receive, static () => Sessions()),
        new("qmux-transport-parameters", ReadParameters, static () => [Parameters()]),
    ];

    private static void Receive(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        var session = new QMuxSession((input[0] & 1) == 1, new QMuxTransportParameters { Limits = Limits, MaxIdleTimeout = 30_000 }, null, TimeSpan.Zero);
        Span<byte> output = stackalloc byte[2048];
        ReadOnlySpan<byte> rest = input[1..];
        int turns = 0;
        while (!rest.IsEmpty)
        {
            // In pieces, as a network does.
            int taken = session.Receive(rest[..Math.Min(rest.Length, 1 + (input[0] * 8))], TimeSpan.Zero);
            if (taken == 0)
            {
                taken = session.Receive(rest, TimeSpan.Zero);
                if (taken == 0)
                {
                    break;
                }
            }

            rest = rest[taken..];
            while (session.HasOutput && session.Send(output, TimeSpan.Zero) > 0)
            {
                FuzzTargets.Require(++turns < 10_000, "it writes without end");
            }
        }

        session.HandleLoss();
    }

    private static void ReadParameters(ReadOnlySpan<byte> input)
    {
        try
        {
            QMuxTransportParameters.Read(input);
        }
        catch (TransportViolationException)
        {
            // What it should say of them.
        }
    }

    private static byte[] Parameters()
    {
        byte[] buffer = new byte[256];
        var writer = new FrameWriter(buffer);
        new QMuxTransportParameters { Limits = Limits, MaxIdleTimeout = 1000 }.Write(ref writer);
        return buffer[..writer.Written];
    }

    private static IEnumerable<byte[]> Sessions()
    {
        byte[] output = new byte[2048];
        var session = new QMuxSession(true, new QMuxTransportParameters { Limits = Limits, MaxIdleTimeout = 1000 }, null, TimeSpan.Zero);
        byte[] start = output[..session.Send(output, TimeSpan.Zero)];
        byte[][] frames =
        [
            [0x01], [0x08, 0x00, 1, 2, 3], [0x0b, 0x00, 0x03, 1, 2, 3], [0x0f, 0x02, 0x00, 0x01, 9], [0x04, 0x00, 0x05, 0x03], [0x05, 0x00, 0x05], [0x10, 0x44, 0x00],
            [0x11, 0x00, 0x44, 0x00], [0x12, 0x20], [0x13, 0x20], [0x14, 0x10], [0x15, 0x00, 0x10], [0x16, 0x08], [0x17, 0x08], [0x1c, 0x01, 0x00, 0x02, 65, 66], [0x1d, 0x01, 0x02, 65, 66],
        ];
        return frames.Select(frame => (byte[])[0, .. start, (byte)frame.Length, .. frame]).Append([200, .. start]);
    }
}
