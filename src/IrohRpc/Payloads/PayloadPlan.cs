using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using IrohRpc.CompilerServices;

namespace IrohRpc.Payloads;

/// <summary>
/// Sees quickly that a payload is right. It goes through steps that stand in a row; where a payload is not right, or is right in an unusual
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
        if (!_isOfUse)
        {
            return false;
        }

        var state = new PlanState(ref MemoryMarshal.GetReference(bytes), bytes.Length, limits.MaxDepth, limits.MemoryFor(bytes.Length), clearsGaps: false);
        return Run(ref state, 0) == bytes.Length && state.MemoryLeft >= 0;
    }

    /// <summary>Clears the bytes between the fields of structs in what was just written.</summary>
    /// <param name="bytes">What was written.</param>
    /// <returns>Whether all were cleared.</returns>
    public bool TryClearGaps(Span<byte> bytes)
    {
        var state = new PlanState(ref MemoryMarshal.GetReference(bytes), bytes.Length, int.MaxValue, long.MaxValue, clearsGaps: true);
        return _isOfUse && Run(ref state, 0) == bytes.Length;
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
    private int Run(ref PlanState state, int at)
    {
        if (_depth > state.DepthLeft)
        {
            return GivenUp;
        }

        ref byte start = ref state.Start;
        int end = state.End;
        ref PlanStep step = ref MemoryMarshal.GetArrayDataReference(_steps);
        ref PlanStep last = ref Unsafe.Add(ref step, _steps.Length);
        for (; Unsafe.IsAddressLessThan(ref step, ref last); step = ref Unsafe.Add(ref step, 1))
        {
            switch (step.Kind)
            {
                case PlanStepKind.Text when PayloadText.TakeAscii(ref Unsafe.Add(ref start, at), end - at) is var taken and > 0:
                    at += taken;
                    state.MemoryLeft -= PayloadText.MemoryOf(taken) + step.Memory;
                    break;
                case PlanStepKind.Head when at < end && Unsafe.Add(ref start, at) == step.Count:
                    at++;
                    state.MemoryLeft -= step.Memory;
                    break;
                case PlanStepKind.Head when at < end && Unsafe.Add(ref start, at) == Null && step.AllowsNull:
                    at++;
                    step = ref Unsafe.Add(ref step, step.Members);
                    continue;
                case PlanStepKind.Start:
                    break;
                default:
                    at = RunOther(ref state, in step, at);
                    if (at < 0)
                    {
                        return GivenUp;
                    }

                    break;
            }

            int following = step.Following;
            if (following > 0)
            {
                if (following > end - at || (step.Rules is { } rules && !FixedRule.AllAllow(rules, ref Unsafe.Add(ref start, at))))
                {
                    return GivenUp;
                }

                if (step.Gaps is { } gaps && state.ClearsGaps)
                {
                    FixedGap.Clear(gaps, MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, at), following));
                }

                at += following;
            }
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int RunOther(ref PlanState state, ref readonly PlanStep step, int at)
    {
        ref byte next = ref Unsafe.Add(ref state.Start, at);
        int left = state.End - at;
        switch (step.Kind)
        {
            case PlanStepKind.List when left >= sizeof(int):
                return RunList(ref state, in step, at);
            case PlanStepKind.Text when left >= sizeof(int):
                return RunText(ref state, in step, at);
            case PlanStepKind.Nested when step.Shape.Kind == ShapeKind.Row:
                return RunWithin(ref state, step.Shape.Plan, in step, at);
            case PlanStepKind.Nested when left > 0 && next == Null:
                return step.AllowsNull ? at + 1 : GivenUp;
            case PlanStepKind.Nested when left > 0:
                return RunWithin(ref state, step.Shape.Plan, in step, at);
            case PlanStepKind.Tolerant when left > 0:
                return RunTolerant(ref state, in step, at);
            case PlanStepKind.Union when left > 0 && next < WideTag && step.Shape.FindCase(next) is { } found:
                return RunWithin(ref state, found.Plan, in step, at + 1);
            case PlanStepKind.Number when left > 0 && 1 << (next >> 6) is var size && size <= left:
                return at + size;
            default:
                return GivenUp;
        }
    }

    private static int RunWithin(ref PlanState state, PayloadPlan plan, ref readonly PlanStep step, int at)
    {
        state.DepthLeft -= step.Depth;
        at = plan.Run(ref state, at);
        state.DepthLeft += step.Depth;
        return at;
    }

    /// <summary>A text that is not ASCII, is empty, or is none.</summary>
    private static int RunText(ref PlanState state, ref readonly PlanStep step, int at)
    {
        int length = ~Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref state.Start, at));
        switch (length)
        {
            case -1:
                state.MemoryLeft -= step.Memory;
                return at + sizeof(int);
            case 0:
                return step.AllowsNull ? at + sizeof(int) : GivenUp;
        }

        if (length < 0 || length > state.End - at - PayloadText.HeaderSize)
        {
            return GivenUp;
        }

        int characters = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref state.Start, at + sizeof(int)));
        ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref state.Start, at + PayloadText.HeaderSize), length);
        state.MemoryLeft -= PayloadText.StringHeader + (2L * characters) + step.Memory;
        return characters > 0 && PayloadText.CountCharacters(text) == characters ? at + PayloadText.HeaderSize + length : GivenUp;
    }

    private static int RunList(ref PlanState state, ref readonly PlanStep step, int at)
    {
        int count = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref state.Start, at));
        at += sizeof(int);
        if (count < 0)
        {
            return count == -1 && step.AllowsNull ? at : GivenUp;
        }

        long bytes = (long)count * step.Count;
        state.MemoryLeft -= count == 0 ? step.Memory : step.Memory + step.MemoryOfAny + (count * step.MemoryOfItem);
        if (bytes > state.End - at || state.MemoryLeft < 0)
        {
            return GivenUp;
        }

        PayloadShape list = step.Shape;
        if (state.ClearsGaps && list.Parts[0].Shape is { Gaps.Length: > 0 } item)
        {
            for (int i = 0; i < count; i++)
            {
                FixedGap.Clear(item.Gaps, MemoryMarshal.CreateSpan(ref Unsafe.Add(ref state.Start, at + (i * item.Size)), item.Size));
            }
        }

        if (count == 0 || step.Members == 0 || AreAllowed(list.Parts[0].Shape, count, ref Unsafe.Add(ref state.Start, at)))
        {
            return at + (int)bytes;
        }

        PayloadPlan plan = list.PlanOfPart(0);
        state.DepthLeft -= step.Depth;
        for (; count > 0 && at >= 0; count--)
        {
            at = plan.Run(ref state, at);
        }

        state.DepthLeft += step.Depth;
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
    private static int RunTolerant(ref PlanState state, ref readonly PlanStep step, int at)
    {
        PayloadPart[] parts = step.Shape.Parts;
        int end = state.End;
        int count = Unsafe.Add(ref state.Start, at);
        int lengths = at + 1;
        at = lengths + count;
        if (count > parts.Length || count >= WideTag || at > end)
        {
            return GivenUp;
        }

        state.MemoryLeft -= step.Memory;
        for (int i = 0; i < count; i++)
        {
            int length = Unsafe.Add(ref state.Start, lengths + i);
            if (length > sbyte.MaxValue || length > end - at)
            {
                return GivenUp;
            }

            state.End = at + length;
            if (length > 0 && (parts[i].Shape is null || RunWithin(ref state, step.Shape.PlanOfPart(i), in step, at) != state.End))
            {
                return GivenUp;
            }

            at = state.End;
        }

        state.End = end;
        return at;
    }
}
