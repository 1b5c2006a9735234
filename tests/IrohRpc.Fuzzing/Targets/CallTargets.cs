using IrohRpc.Calls;
using IrohRpc.CompilerServices;
using IrohRpc.Failures;
using IrohRpc.Payloads;
using IrohRpc.Testing;
using IrohRpc.Wire;

namespace IrohRpc.Fuzzing;

/// <summary>Frames, requests, fields, faults, and what a peer may write on the streams of a connection.</summary>
internal static class CallTargets
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static readonly MethodDescriptor Method = DescriptorOf<IFuzzed>().Methods.First(static method => method.Name == nameof(IFuzzed.EchoAsync));

    private static readonly Lazy<LivePeers> Peers = new(static () => new LivePeers());

    public static IEnumerable<FuzzTarget> All =>
    [
        new("rpc-frames", ReadFrames, static () => [[0, 4, 3, 1, 2, 3], [1, 2, 3, 0, 0, 0], [7, 0x44, 0x00, 0, .. new byte[1024]]]) { FreeBytes = 512 * 1024 },
        new("rpc-request", ReadRequest, static () => [Request(Metadata()), Request([])]),
        new("rpc-metadata", ReadMetadata, static () => [Metadata()]),
        new("rpc-failure", ReadFailure, Failures),
        new("rpc-lane", static input => Peers.Value.Lane(input), static () => [[1, 0, 18, 0, .. Request([])], [1, 1, 18, 0, .. Request([])], [1, 2], [1, 3, 0, 0]]) { FreeBytes = 8 * 1024 * 1024, BytesPerByte = 4096, Bounded = 500 },
        new("rpc-responses", static input => Peers.Value.Answer(input), static () => [[2, 5, 0, 0, 1, 0, 0, 0], [3, 4, 0, 5, 0, 0]]) { FreeBytes = 8 * 1024 * 1024, BytesPerByte = 4096, Bounded = 500 },
    ];

    private static void ReadFrames(ReadOnlySpan<byte> input)
    {
        using var reader = new FrameReader(new BytesStream(input.ToArray()));
        int frames = 0;
        while (true)
        {
            switch (reader.TryRead(limit: 4096, out _, out ReadOnlySpan<byte> body))
            {
                case FrameReadResult.Incomplete:
                    Task<bool> more = reader.FillAsync().AsTask();
                    FuzzTargets.Require(more.IsCompleted, "it waits for what is there");
                    if (!more.Result)
                    {
                        return;
                    }

                    break;
                case FrameReadResult.Broken:
                    return;
                default:
                    FuzzTargets.Require(body.Length < 4096, "a frame is longer than it may be");
                    FuzzTargets.Require(++frames <= input.Length, "more frames were read than there are bytes");
                    break;
            }
        }
    }

    private static void ReadRequest(ReadOnlySpan<byte> input)
    {
        if (RequestFrame.TryParse(input, out _, out RequestFrame frame))
        {
            if (RequestFields.Read(Method, frame.Fields, 128, out _) is null)
            {
                ReadMetadata(frame.Fields);
            }
        }
    }

    private static void ReadMetadata(ReadOnlySpan<byte> input)
    {
        try
        {
            Metadata metadata = CallFields.ReadMetadata(input);
            FuzzTargets.Require(metadata.Count <= input.Length, "there are more entries than bytes");
        }
        catch (InvalidDataException)
        {
            // What it should say of them.
        }
    }

    private static void ReadFailure(ReadOnlySpan<byte> input)
    {
        try
        {
            FailureReader.Read(Method, RpcStatusCode.NotFound, input, PayloadLimits.Default);
        }
        catch (InvalidDataException)
        {
            // What it should say of it.
        }
    }

    private static ContractDescriptor DescriptorOf<T>()
        where T : class, IContract<T>
        => T.Descriptor;

    private static byte[] Request(byte[] fields) => [0, 0, .. BitConverter.GetBytes(Method.NameId), .. BitConverter.GetBytes(Method.SignatureId), (byte)fields.Length, .. fields, 2, 0, 0, 0, 65, 0];

    private static byte[] Metadata()
    {
        var buffer = new CallBuffer();
        CallFields.WriteMetadata(buffer, Entries());
        byte[] written = buffer.WrittenSpan.ToArray();
        return written.Length < 60 ? written : written[..60];
    }

    private static Metadata Entries()
    {
        var metadata = new Metadata();
        metadata.Add("who", "me");
        metadata.Add("since", "yesterday");
        return metadata;
    }

    private static IEnumerable<byte[]> Failures()
    {
        var buffer = new CallBuffer();
        FieldWriter.WriteMessage(buffer, "a message");
        FieldWriter.WriteNotStarted(buffer);
        return [buffer.WrittenSpan.ToArray(), IdentityTargets.Text(Trace)];
    }
}
