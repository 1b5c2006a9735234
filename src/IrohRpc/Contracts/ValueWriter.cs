using System.ComponentModel;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>Writes one result, item, report of progress or fault. Generated code keeps one in a static field for each type that it needs.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="writer">Takes the value.</param>
/// <param name="value">The value.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate void ValueWriter<in T>(ref MemoryPackWriter<CallBufferWriter> writer, T value);
