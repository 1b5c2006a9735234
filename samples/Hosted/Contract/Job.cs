using IrohRpc;
using MemoryPack;

namespace Hosted;

/// <summary>A job.</summary>
/// <param name="Id">The name that its submitter gave it.</param>
/// <param name="Text">What is to be done.</param>
/// <param name="Submitter">Who wants it done.</param>
/// <param name="Result">What came of it; null while it waits.</param>
[MemoryPackable]
public sealed partial record Job(Guid Id, string Text, EndpointId Submitter, string? Result);
