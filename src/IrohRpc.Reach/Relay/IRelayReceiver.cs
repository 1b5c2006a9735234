using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Reach.Relay;

/// <summary>Takes what a relay session receives. Calls come one at a time, from the session's own loop, and must neither block nor throw.</summary>
internal interface IRelayReceiver
{
    /// <summary>Datagrams of a peer came; they are valid during the call only.</summary>
    void OnDatagrams(RelayDatagrams datagrams);

    /// <summary>A peer that this side has sent datagrams to has left the relay.</summary>
    void OnEndpointGone(EndpointId peer);

    /// <summary>The session connected, lost its connection, or was told of a problem.</summary>
    void OnStateChanged(RelaySessionState state, string? problem);
}
