using MemoryPack;

namespace Greeter;

/// <summary>The detail of a fault: data for the caller's program, not only a sentence for people.</summary>
[MemoryPackable]
internal sealed partial record UnknownLanguage(string Language, string[] Known);
