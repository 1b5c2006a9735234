namespace IrohRpc.Gossip;

/// <summary>How calls go to the members of a topic: <see cref="TopicContractExtensions.Broadcast{T}"/>.</summary>
public sealed class BroadcastOptions
{
    /// <summary>Whether the endpoint signs each call, so that subscribers know who made it. Default yes; subscribers refuse other calls unless they say otherwise.</summary>
    public bool IsSigned { get; set; } = true;

    /// <summary>Whether calls reach the neighbours only, who do not pass them on. Default no.</summary>
    public bool ToNeighborsOnly { get; set; }

    /// <summary>The clock that dates calls. Default the system's.</summary>
    public TimeProvider TimeProvider { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = TimeProvider.System;
}
