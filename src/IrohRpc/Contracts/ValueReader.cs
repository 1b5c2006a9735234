using System.ComponentModel;
using IrohRpc.Internal;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>Reads a value out of bytes that were checked.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="reader">Stands at the value; afterwards behind it.</param>
/// <returns>The value.</returns>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate T ReadValue<out T>(ref MemoryPackReader reader);

/// <summary>
/// Checks and reads one result, item, report of progress or fault. Generated code keeps one in a static field for each type that it needs.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ValueReader<T>
{
    private readonly PayloadPart _part;
    private readonly ReadValue<T> _read;
    private PayloadPlan? _plan;

    /// <summary>A reader for values that need no check, as their size is fixed and they may have any bytes.</summary>
    /// <param name="read">Reads a value.</param>
    public ValueReader(ReadValue<T> read)
        : this(default, read)
    {
    }

    /// <summary>A reader.</summary>
    /// <param name="part">What a value looks like, and what it is called in messages.</param>
    /// <param name="read">Reads a value.</param>
    public ValueReader(PayloadPart part, ReadValue<T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        _part = part;
        _read = read;
    }

    /// <summary>What a value looks like; without a shape where it needs no check.</summary>
    internal PayloadPart Part => _part;

    internal PayloadPlan Plan => _plan ??= PayloadPlan.ForPayload([_part]);

    /// <summary>Reads a value, which must fill the bytes.</summary>
    /// <exception cref="Exception">The bytes are something else; formatters of the user's may throw anything.</exception>
    internal T Read(ReadOnlySpan<byte> bytes, PayloadLimits limits)
    {
        bool mayReuse = _part.Shape is null || PayloadReading.Check(bytes, in _part, Plan, limits);
        MemoryPackReaderOptionalState state = ValueStates.RentReading<T>();
        var reader = new MemoryPackReader(bytes, state);
        PayloadWork.Begin(limits.MaxCollisions);
        try
        {
            T value = _read(ref reader);
            return reader.Consumed == bytes.Length
                ? value
                : throw new InvalidDataException($"{bytes.Length - reader.Consumed} bytes follow the value.");
        }
        finally
        {
            PayloadWork.End();
            reader.Dispose();
            if (mayReuse)
            {
                ValueStates.Return<T>(state);
            }
        }
    }
}
