using IrohRpc;

namespace KeyValue.Service;

/// <summary>Who may do what. Everybody may do everything where nobody is named.</summary>
/// <param name="writers">Who may read and write.</param>
/// <param name="readers">Who may read.</param>
internal sealed class Access(IEnumerable<EndpointId> writers, IEnumerable<EndpointId> readers)
{
    private readonly HashSet<EndpointId> _writers = [.. writers];
    private readonly HashSet<EndpointId> _readers = [.. readers];

    /// <summary>For whoever reaches the endpoint.</summary>
    public static Access Everybody { get; } = new([], []);

    private bool IsOpen => _writers.Count == 0 && _readers.Count == 0;

    /// <summary>Whether a peer is let in at all.</summary>
    public bool MayRead(EndpointId peer) => MayWrite(peer) || _readers.Contains(peer);

    /// <summary>Whether a peer may change something.</summary>
    public bool MayWrite(EndpointId peer) => IsOpen || _writers.Contains(peer);
}
