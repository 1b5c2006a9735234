namespace IrohRpc;

/// <summary>Where a <see cref="HostedPeerEndpoint"/> stands. It only moves forward.</summary>
public enum HostedEndpointState
{
    /// <summary>The host has not been started.</summary>
    NotStarted,

    /// <summary>The endpoint is bound: it dials, and turns callers away until all services of the host have started.</summary>
    Bound,

    /// <summary>The endpoint takes calls.</summary>
    Accepting,

    /// <summary>The host is stopping: calls in progress finish, callers with new ones are turned away.</summary>
    Draining,

    /// <summary>The endpoint is closed, or was never bound because the host could not start.</summary>
    Stopped,
}
