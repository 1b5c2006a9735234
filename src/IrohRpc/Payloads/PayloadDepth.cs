using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>Counts how deep a value is nested that is about to be written. For one value.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PayloadDepth
{
    // As MemoryPack's own writer, where it counts.
    private const int Most = 1000;

    private HashSet<object>? _seen;
    private int _depth;

    /// <summary>Goes into an object.</summary>
    /// <exception cref="InvalidDataException">It is nested too deep, or contains itself.</exception>
    public void Enter()
    {
        if (++_depth > Most)
        {
            throw new InvalidDataException($"a value is nested more than {Most} levels deep, or contains itself");
        }
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
