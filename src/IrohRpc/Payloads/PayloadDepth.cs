using System.ComponentModel;
using System.Runtime.CompilerServices;
using IrohRpc.Payloads;

namespace IrohRpc.CompilerServices;

/// <summary>Counts how deep a value is nested that is about to be written. For one value.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PayloadDepth
{
    private readonly int _most;
    private HashSet<object>? _seen;
    private int _depth;

    /// <summary>Begins with nothing around the value.</summary>
    public PayloadDepth()
        : this(0)
    {
    }

    /// <summary>Begins within so many values.</summary>
    internal PayloadDepth(int depth)
    {
        _most = PayloadWork.Bounds.MaxDepth;
        _depth = depth;
        Deepest = depth;
    }

    /// <summary>The depth of the innermost object so far.</summary>
    internal int Deepest { get; private set; }

    /// <summary>Refuses values that MemoryPack's writer could not count the bytes of, because it copies them at once.</summary>
    /// <typeparam name="T">The type of a value.</typeparam>
    /// <param name="count">How many there are.</param>
    /// <exception cref="IOException">They are more than any message holds.</exception>
    public static void RequireRoom<T>(long count)
    {
        if (count * Unsafe.SizeOf<T>() > Array.MaxLength / 2)
        {
            throw new PayloadTooLargeException(Array.MaxLength / 2);
        }
    }

    /// <summary>Counts the items of a collection that may not be what it says: code of the user's may enumerate without end.</summary>
    /// <param name="count">How many there were.</param>
    /// <exception cref="IOException">They are more than a message has bytes.</exception>
    public static void Count(ref int count)
    {
        const int between = 4096;
        if (++count % between == 0 && count > PayloadWork.Bounds.MaxBytes)
        {
            throw new PayloadTooLargeException(PayloadWork.Bounds.MaxBytes);
        }
    }

    /// <summary>Goes into an object.</summary>
    /// <exception cref="InvalidDataException">It is nested too deep, or contains itself.</exception>
    public void Enter()
    {
        if (++_depth > _most)
        {
            throw new InvalidDataException($"a value is nested more than {_most} levels deep, which {nameof(RpcOptions.MaxPayloadDepth)} allows, or contains itself");
        }

        Deepest = Math.Max(Deepest, _depth);
    }

    /// <summary>Goes into an object of a type that may contain itself, as it is written once.</summary>
    /// <param name="value">The object.</param>
    /// <returns>Whether it was not seen before.</returns>
    /// <exception cref="InvalidDataException">It is nested too deep.</exception>
    public bool EnterOnce(object value)
    {
        if (!(_seen ??= new HashSet<object>(ReferenceEqualityComparer.Instance)).Add(value))
        {
            return false;
        }

        Enter();
        return true;
    }

    /// <summary>Leaves the object.</summary>
    public void Leave() => _depth--;
}
