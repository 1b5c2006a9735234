using MemoryPack;

namespace Hosted;

/// <summary>How many jobs there are.</summary>
/// <param name="Waiting">Those that wait.</param>
/// <param name="Done">Those that are done.</param>
[MemoryPackable]
public sealed partial record JobCounts(long Waiting, long Done);
