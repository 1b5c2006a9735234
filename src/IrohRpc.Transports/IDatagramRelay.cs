namespace IrohRpc.Transports;

/// <summary>Carries datagrams to peers through relay servers, for a transport that would send them over UDP otherwise. Thread-safe.</summary>
internal interface IDatagramRelay
{
    /// <summary>Takes what arrives; null drops it.</summary>
    IRelayedDatagramReceiver? Receiver { get; set; }

    /// <summary>Sends datagrams to a peer at a relay. They may be lost, as over UDP. Never waits.</summary>
    /// <param name="relayUrl">The relay at which the peer is, an absolute URL in its normal form.</param>
    /// <param name="peer">The peer.</param>
    /// <param name="datagrams">The datagrams, one behind the other.</param>
    /// <param name="segmentLength">The length of each but the last, which may be shorter.</param>
    /// <param name="ecn">The ECN field that they carry (RFC 3168, section 5).</param>
    void Send(string relayUrl, EndpointId peer, ReadOnlySpan<byte> datagrams, int segmentLength, byte ecn);
}
