using IrohRpc.CompilerServices;

namespace IrohRpc;

/// <summary>
/// A method of a contract as a value, to ask with whether the peer has it. The generator makes one for each method:
/// <c>IGreeter.Methods.TicksAsync</c>.
/// </summary>
/// <typeparam name="T">The contract.</typeparam>
/// <remarks>Immutable. The default value is no method, and whatever takes one throws for it.</remarks>
public readonly struct ContractMethod<T> : IEquatable<ContractMethod<T>>
    where T : class, IContract<T>
{
    private readonly MethodDescriptor? _descriptor;

    /// <summary>For generated code.</summary>
    /// <param name="descriptor">What the runtime knows of the method.</param>
    public ContractMethod(MethodDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        _descriptor = descriptor;
    }

    /// <summary>The name in C#: <c>TicksAsync</c>.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public string Name => Descriptor.Name;

    /// <summary>The oldest ALPN of the contract that has it.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public string Since => Descriptor.Contract.SinceOf(Descriptor);

    internal MethodDescriptor Descriptor => _descriptor ?? throw new InvalidOperationException("The default value names no method.");

    /// <summary>Whether both are the same method.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(ContractMethod<T> left, ContractMethod<T> right) => left.Equals(right);

    /// <summary>Whether they are different methods.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(ContractMethod<T> left, ContractMethod<T> right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(ContractMethod<T> other) => _descriptor == other._descriptor;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ContractMethod<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _descriptor?.GetHashCode() ?? 0;

    /// <summary>The name for messages: <c>IGreeter.TicksAsync</c>.</summary>
    public override string ToString() => _descriptor?.ToString() ?? "";
}
