using System.Collections;
using IrohRpc.CompilerServices;

namespace IrohRpc;

/// <summary>The arguments of a call as objects. Values are boxed when they are read here, and only then.</summary>
/// <remarks>Belongs to one call, and may be used until that has ended. Not for use from several threads at once.</remarks>
public sealed class RpcArguments : IReadOnlyList<object?>
{
    private readonly CallArguments _arguments;
    private readonly RpcMethod _method;

    internal RpcArguments(CallArguments arguments, RpcMethod method)
    {
        _arguments = arguments;
        _method = method;
    }

    /// <summary>How many there are: <see cref="RpcMethod.Parameters"/> names them.</summary>
    public int Count => _method.Parameters.Count;

    /// <summary>An argument.</summary>
    /// <param name="index">Its place among <see cref="RpcMethod.Parameters"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    /// <exception cref="ArgumentException">The new value is not of the parameter's type.</exception>
    public object? this[int index]
    {
        get
        {
            Require(index);
            return _arguments.Get(index);
        }

        set
        {
            Require(index);
            try
            {
                _arguments.Set(index, value);
            }
            catch (Exception exception) when (exception is InvalidCastException or NullReferenceException)
            {
                throw new ArgumentException(
                    $"{value?.GetType().ToString() ?? "null"} is no value for \"{_method.Parameters[index]}\" of {_method}.", nameof(value), exception);
            }
        }
    }

    /// <summary>An argument.</summary>
    /// <param name="name">The parameter's name in C#.</param>
    /// <exception cref="ArgumentException">There is none, or the new value is not of the parameter's type.</exception>
    public object? this[string name]
    {
        get => this[IndexOf(name)];
        set => this[IndexOf(name)] = value;
    }

    /// <summary>Changes each item of an argument that is an <see cref="IAsyncEnumerable{T}"/>, as it is read.</summary>
    /// <param name="index">The argument's place.</param>
    /// <param name="map">Gives what takes the item's place; what it throws ends the stream.</param>
    /// <exception cref="ArgumentException">The argument is no stream of items.</exception>
    public void MapItems(int index, Func<object?, object?> map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Require(index);
        if (!_arguments.TryMapItems(index, map))
        {
            throw new ArgumentException($"\"{_method.Parameters[index]}\" of {_method} is no stream of items.", nameof(index));
        }
    }

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Require(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index), index, $"{_method} has {Count} arguments.");
        }
    }

    private int IndexOf(string name)
    {
        for (int i = 0; i < Count; i++)
        {
            if (_method.Parameters[i].Name == name)
            {
                return i;
            }
        }

        throw new ArgumentException($"{_method} has no parameter \"{name}\".", nameof(name));
    }
}
