using System.ComponentModel;
using IrohRpc.Payloads;

namespace IrohRpc.CompilerServices;

/// <summary>
/// Clears what stands between the fields of structs before it leaves: MemoryPack copies structs as they stand in memory, and .NET does not always clear those bytes, for example
/// not with <c>[SkipLocalsInit]</c>. Generated code says which values have such structs within them.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PayloadGaps
{
    // What leaves was counted and bounded while it was written.
    private static readonly PayloadLimits Unlimited = new(int.MaxValue, int.MaxValue, int.MaxValue);

    /// <summary>Says what values of a type look like on the wire.</summary>
    /// <typeparam name="T">The type of a result, an item, a report or a fault.</typeparam>
    /// <param name="shape">Its form.</param>
    public static void Know<T>(PayloadShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.HasGaps)
        {
            PayloadPart[] parts = [new PayloadPart(shape, allowsNull: true, "value")];
            Known<T>.Value = new KnownParts(parts, PayloadPlan.ForPayload(parts));
        }
    }

    /// <summary>Clears the gaps in a value that was just written.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="buffer">What it was written to.</param>
    /// <param name="start">Where it begins; it ends where the buffer does.</param>
    internal static void Clear<T>(CallBuffer buffer, int start)
    {
        if (Known<T>.Value is { } known)
        {
            Clear(buffer, start, known.Parts, known.Plan);
        }
    }

    /// <summary>Clears the gaps in values that were just written one after the other.</summary>
    /// <param name="buffer">What they were written to.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="parts">Their forms.</param>
    /// <param name="plan">The plan for them.</param>
    /// <exception cref="InvalidDataException">A formatter of the user's wrote something else.</exception>
    internal static void Clear(CallBuffer buffer, int start, ReadOnlySpan<PayloadPart> parts, PayloadPlan plan)
    {
        if (plan.TryClearGaps(buffer.WrittenBytes(start)))
        {
            return;
        }

        var checker = new PayloadChecker(buffer.WrittenSpan[start..], Unlimited, clearsGaps: true);
        foreach (ref readonly PayloadPart part in parts)
        {
            if (!checker.Check(in part))
            {
                throw checker.ToException(part.Name);
            }
        }
    }

    private static class Known<T>
    {
        public static KnownParts? Value { get; set; }
    }

    private sealed record KnownParts(PayloadPart[] Parts, PayloadPlan Plan);
}
