using System.Net;

namespace IrohRpc.Routing.Internal.Reaching;

/// <summary>Notices that the machine's network has changed: another address or interface, or the machine was asleep.</summary>
internal interface INetworkMonitor : IDisposable
{
    /// <summary>The addresses that the machine has now, loopback among them.</summary>
    IReadOnlySet<IPAddress> Addresses { get; }

    /// <summary>Starts to watch.</summary>
    /// <param name="changed">Called after each change, by any thread, one call at a time.</param>
    void Start(Action changed);
}
