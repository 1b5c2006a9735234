using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>
/// Marks a type parameter that takes contracts of one-way methods with values only, which can be called without a connection. The analyzer refuses any other.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[AttributeUsage(AttributeTargets.GenericParameter)]
public sealed class OneWayContractAttribute : Attribute;
