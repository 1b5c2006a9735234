using System.ComponentModel;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>Reads one result, item, report of progress or fault. Generated code keeps one in a static field for each type that it needs.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="reader">Stands at the value; afterwards behind it.</param>
/// <returns>The value.</returns>
[EditorBrowsable(EditorBrowsableState.Never)]
public delegate T ValueReader<out T>(ref MemoryPackReader reader);
