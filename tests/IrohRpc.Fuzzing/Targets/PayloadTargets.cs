using IrohRpc.Hostile;
using IrohRpc.Internal;
using IrohRpc.Payloads;

namespace IrohRpc.Fuzzing;

/// <summary>Payloads of every type of the hostile contracts, as the runtime reads them: the check first, then generated code.</summary>
internal static class PayloadTargets
{
    private const int HeaderLength = 2;

    private static readonly PayloadLimits Limits = PayloadLimits.Default;

    public static IEnumerable<FuzzTarget> All =>
    [
        new("rpc-payload", Read, Seeds) { FreeBytes = Limits.MemoryFor(0) + (64 * 1024), BytesPerByte = Limits.MemoryFor(1024 * 1024) / (1024 * 1024) },
    ];

    // The first two bytes say which type.
    private static void Read(ReadOnlySpan<byte> input)
    {
        if (input.Length < HeaderLength)
        {
            return;
        }

        Target target = Target.All[BitConverter.ToUInt16(input) % Target.All.Count];
        byte[] payload = input[HeaderLength..].ToArray();
        var checker = new PayloadChecker(payload, Limits);
        bool isRight = checker.Check(target.Part) && checker.IsAtEnd;
        FuzzTargets.Require(isRight || !target.Plan.Allows(payload, Limits), "the plan lets it through, the checker does not");
        try
        {
            target.Read(payload, Limits);
            FuzzTargets.Require(isRight, "it was read, and is not right");
        }
        catch (Exception exception) when (FuzzCommand.IsRefusal(exception))
        {
            // A formatter refuses what the check cannot know: a key that occurs twice, a text that is no address.
        }
    }

    private static IEnumerable<byte[]> Seeds()
    {
        var bytes = new ShapeBytes(new Random(1));
        return Target.All.Select((target, index) => (byte[])[.. BitConverter.GetBytes((ushort)index), .. bytes.Write(target.Part)]);
    }
}
