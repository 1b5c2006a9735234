namespace IrohRpc.Transports;

/// <summary>Takes the datagrams that came through relays. Called from each relay's own loop; it neither blocks nor throws.</summary>
internal interface IRelayedDatagramReceiver
{
    /// <summary>Datagrams have come. Their content is as untrusted as that of UDP; who sent them is what the relay says.</summary>
    /// <param name="relayUrl">The relay.</param>
    /// <param name="peer">The sender.</param>
    /// <param name="datagrams">The datagrams, one behind the other; valid during the call.</param>
    /// <param name="segmentLength">The length of each but the last, which may be shorter.</param>
    /// <param name="ecn">The ECN field that they carry.</param>
    void Receive(string relayUrl, EndpointId peer, ReadOnlySpan<byte> datagrams, int segmentLength, byte ecn);
}
