namespace IrohRpc.Model;

/// <summary>A client of the schedule: an endpoint, and the channel that its calls take now.</summary>
internal sealed class ModelClient(int index, PeerEndpoint endpoint)
{
    public int Index { get; } = index;

    public PeerEndpoint Endpoint { get; } = endpoint;

    public PeerChannel Channel { get; set; } = null!;

    public IModel Proxy { get; set; } = null!;

    /// <summary>How many channels it has had.</summary>
    public int Channels { get; set; }

    /// <summary>Whether a new call may fail from what happened before it.</summary>
    public bool IsDisturbed { get; set; }
}
