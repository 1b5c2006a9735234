namespace IrohRpc.Payloads;

/// <summary>What a <see cref="PayloadPlan"/> looks at, and what that may still cost.</summary>
internal ref struct PlanState(ref byte start, int length, int depth, long memory, bool clearsGaps)
{
    /// <summary>Whether the bytes between the fields of structs are cleared.</summary>
    public readonly bool ClearsGaps = clearsGaps;

    /// <summary>The first byte of the payload.</summary>
    public readonly ref byte Start = ref start;

    /// <summary>The place behind what is looked at: the payload, or a member of a version-tolerant object.</summary>
    public int End = length;

    /// <summary>How many more values may stand within each other.</summary>
    public int DepthLeft = depth;

    /// <summary>The memory that what follows may take.</summary>
    public long MemoryLeft = memory;
}
