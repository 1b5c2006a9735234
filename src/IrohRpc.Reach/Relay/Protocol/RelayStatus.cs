namespace IrohRpc.Reach.Relay.Protocol;

/// <summary>What <see cref="RelayFrameType.Status"/> says. Other values mean a problem that this version does not know.</summary>
internal enum RelayStatus : byte
{
    /// <summary>The session works.</summary>
    Healthy = 0,

    /// <summary>Another session with the same id has taken this one's place: nothing arrives here any more.</summary>
    SameEndpointIdConnected = 1,
}
