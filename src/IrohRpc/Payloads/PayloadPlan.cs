using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Payloads;

/// <summary>
/// Sees quickly that a payload is right. It holds its place in a register and goes through steps that stand in a row; where a payload is not right, or is right in an unusual
/// way, it gives up, and a <see cref="PayloadChecker"/> looks at the whole payload and says what is wrong. It lets nothing through that the checker does not.
/// </summary>
internal sealed class PayloadPlan
{
    private const byte Null = 255;
    private const byte WideTag = 250;
    private const int GivenUp = -1;

    private readonly PlanStep[] _steps;
    private readonly int _depth;

    // Where something within would make it give up each time, it does not begin.
    private readonly bool _isOfUse;

    private PayloadPlan(PlanBuilder builder, bool isOfUse)
    {
        _steps = builder.Steps;
        _depth = builder.Depth;
        _isOfUse = isOfUse;
    }

    /// <summary>The plan for a payload: values one after the other.</summary>
    public static PayloadPlan ForPayload(ReadOnlySpan<PayloadPart> parts)
    {
        var builder = new PlanBuilder();
        builder.Add(parts);
        return new PayloadPlan(builder, IsKnown(parts, []));
    }

    /// <summary>The plan for a value within another.</summary>
    public static PayloadPlan For(ReadOnlySpan<PayloadPart> part)
    {
        var builder = new PlanBuilder();
        builder.Add(part);
        return new PayloadPlan(builder, isOfUse: true);
    }

    /// <summary>The plan for a value that is not null.</summary>
    public static PayloadPlan ForValue(PayloadShape shape)
    {
        var builder = new PlanBuilder();
        builder.Add(shape, allowsNull: false, isRoot: true);
        return new PayloadPlan(builder, isOfUse: true);
    }

    /// <summary>Whether the bytes are seen to be right.</summary>
    public bool Allows(ReadOnlySpan<byte> bytes, PayloadLimits limits)
    {
        long memory = limits.MemoryFor(bytes.Length);
        return _isOfUse && Run(ref MemoryMarshal.GetReference(bytes), 0, bytes.Length, limits.MaxDepth, ref memory) == bytes.Length && memory >= 0;
    }

    private static bool IsKnown(ReadOnlySpan<PayloadPart> parts, HashSet<PayloadShape> seen)
    {
        foreach (PayloadPart part in parts)
        {
            if (part.Shape is { } shape && seen.Add(shape) && !IsKnown(shape, seen))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKnown(PayloadShape shape, HashSet<PayloadShape> seen) => shape.Kind switch
    {
        ShapeKind.Fixed or ShapeKind.CheckedFixed or ShapeKind.Text or ShapeKind.ObjectNumber => true,
        ShapeKind.List or ShapeKind.Row or ShapeKind.Object or ShapeKind.Tolerant => IsKnown(shape.Parts, seen),
        ShapeKind.Union => shape.Cases.Values.All(found => !seen.Add(found) || IsKnown(found, seen)),
        _ => false,
    };

    /// <summary>Looks at what begins at a place.</summary>
    /// <returns>The place behind it.</returns>
    private int Run(ref byte start, int at, int end, int depthLeft, ref long memory)
    {
        if (_depth > depthLeft)
        {
            return GivenUp;
        }

        PlanStep[] steps = _steps;
        for (int i = 0; i < steps.Length; i++)
        {
            ref readonly PlanStep step = ref steps[i];
            switch (step.Kind)
            {
                case PlanStepKind.Text:
                    int taken = PayloadText.TakeAscii(ref Unsafe.Add(ref start, at), end - at);
                    if (taken > 0)
                    {
                        at += taken;
                        memory -= PayloadText.MemoryOf(taken) + step.Memory;
                        continue;
                    }

                    at = RunText(in step, ref start, at, end, ref memory);
                    break;
                case PlanStepKind.Bytes when step.Size <= end - at:
                case PlanStepKind.Run when step.Size <= end - at && FixedRule.AllAllow(step.Rules, ref Unsafe.Add(ref start, at)):
                    at += step.Size;
                    continue;
                case PlanStepKind.Head when at < end:
                    int count = Unsafe.Add(ref start, at++);
                    if (count == step.Size)
                    {
                        memory -= step.Memory;
                        continue;
                    }

                    if (count != Null || !step.AllowsNull)
                    {
                        return GivenUp;
                    }

                    i += step.Members;
                    continue;
                case PlanStepKind.Number when at < end:
                    at += 1 << (Unsafe.Add(ref start, at) >> 6);
                    if (at > end)
                    {
                        return GivenUp;
                    }

                    continue;
                case PlanStepKind.List:
                    at = RunList(in step, ref start, at, end, depthLeft, ref memory);
                    break;
                case PlanStepKind.Tolerant when at < end:
                    at = RunTolerant(in step, ref start, at, end, depthLeft, ref memory);
                    break;
                case PlanStepKind.Union when at < end:
                    at = RunUnion(in step, ref start, at, end, depthLeft, ref memory);
                    break;
                case PlanStepKind.Nested when step.Shape.Kind == ShapeKind.Row:
                    at = step.Shape.Plan.Run(ref start, at, end, depthLeft - step.Depth, ref memory);
                    break;
                case PlanStepKind.Nested when at < end:
                    at = Unsafe.Add(ref start, at) == Null
                        ? step.AllowsNull ? at + 1 : GivenUp
                        : step.Shape.Plan.Run(ref start, at, end, depthLeft - step.Depth, ref memory);
                    break;
                default:
                    return GivenUp;
            }

            if (at < 0)
            {
                return GivenUp;
            }
        }

        return at;
    }

    /// <summary>A text that is not ASCII, is empty, or is none.</summary>
    private static int RunText(ref readonly PlanStep step, ref byte start, int at, int end, ref long memory)
    {
        if (end - at < sizeof(int))
        {
            return GivenUp;
        }

        int length = ~Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref start, at));
        switch (length)
        {
            case -1:
                memory -= step.Memory;
                return at + sizeof(int);
            case 0:
                return step.AllowsNull ? at + sizeof(int) : GivenUp;
        }

        if (length < 0 || length > end - at - PayloadText.HeaderSize)
        {
            return GivenUp;
        }

        int characters = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref start, at + sizeof(int)));
        ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, at + PayloadText.HeaderSize), length);
        memory -= PayloadText.StringHeader + (2L * characters) + step.Memory;
        return characters > 0 && PayloadText.CountCharacters(text) == characters ? at + PayloadText.HeaderSize + length : GivenUp;
    }

    private static int RunList(ref readonly PlanStep step, ref byte start, int at, int end, int depthLeft, ref long memory)
    {
        if (end - at < sizeof(int))
        {
            return GivenUp;
        }

        int count = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref start, at));
        at += sizeof(int);
        if (count < 0)
        {
            return count == -1 && step.AllowsNull ? at : GivenUp;
        }

        long bytes = (long)count * step.Size;
        memory -= count == 0 ? step.Memory : step.Memory + step.MemoryOfAny + (count * step.MemoryOfItem);
        if (bytes > end - at || memory < 0)
        {
            return GivenUp;
        }

        PayloadShape list = step.Shape;
        if (count == 0 || step.Members == 0 || AreAllowed(list.Parts[0].Shape, count, ref Unsafe.Add(ref start, at)))
        {
            return at + (int)bytes;
        }

        PayloadPlan plan = list.PlanOfPart(0);
        for (int i = 0; i < count; i++)
        {
            at = plan.Run(ref start, at, end, depthLeft - step.Depth, ref memory);
            if (at < 0)
            {
                return GivenUp;
            }
        }

        return at;
    }

    /// <summary>Whether elements are of a fixed size, and right.</summary>
    private static bool AreAllowed(PayloadShape item, int count, ref byte start)
    {
        if (item.Kind != ShapeKind.CheckedFixed)
        {
            return false;
        }

        if (item.IsBoolean)
        {
            return !MemoryMarshal.CreateReadOnlySpan(ref start, count).ContainsAnyExceptInRange((byte)0, (byte)1);
        }

        for (int i = 0; i < count; i++)
        {
            if (!FixedRule.AllAllow(item.Rules, ref Unsafe.Add(ref start, i * item.Size)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A version-tolerant object of the members that are known here, none of which is long.</summary>
    private static int RunTolerant(ref readonly PlanStep step, ref byte start, int at, int end, int depthLeft, ref long memory)
    {
        PayloadPart[] parts = step.Shape.Parts;
        int count = Unsafe.Add(ref start, at);
        int lengths = at + 1;
        at = lengths + count;
        if (count > parts.Length || count >= WideTag || at > end)
        {
            return GivenUp;
        }

        memory -= step.Memory;
        for (int i = 0; i < count; i++)
        {
            int length = Unsafe.Add(ref start, lengths + i);
            if (length > sbyte.MaxValue || length > end - at)
            {
                return GivenUp;
            }

            int next = at + length;
            if (length > 0 && (parts[i].Shape is null
                || step.Shape.PlanOfPart(i).Run(ref start, at, next, depthLeft - step.Depth, ref memory) != next))
            {
                return GivenUp;
            }

            at = next;
        }

        return at;
    }

    private static int RunUnion(ref readonly PlanStep step, ref byte start, int at, int end, int depthLeft, ref long memory)
    {
        int tag = Unsafe.Add(ref start, at);
        return tag < WideTag && step.Shape.FindCase(tag) is { } found
            ? found.Plan.Run(ref start, at + 1, end, depthLeft - step.Depth, ref memory)
            : GivenUp;
    }
}
