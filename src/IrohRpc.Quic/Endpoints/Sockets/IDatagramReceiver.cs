using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>Takes the datagrams that a <see cref="UdpSocket"/> received.</summary>
internal interface IDatagramReceiver
{
    /// <summary>A datagram has arrived.</summary>
    /// <param name="datagram">Its bytes, which may be changed and are valid during the call.</param>
    /// <param name="path">Where it came from, and to which address as far as the platform tells.</param>
    /// <param name="ecn">Its congestion mark; <see cref="EcnCodepoint.NotEct"/> where the platform does not tell.</param>
    void Receive(Span<byte> datagram, in NetworkPath path, EcnCodepoint ecn);

    /// <summary>The network says that a datagram did not get to its destination. Anybody can say so: it is a hint and no more.</summary>
    /// <param name="destination">Where the datagram was sent.</param>
    void HandleUnreachable(UdpAddress destination);

    /// <summary>
    /// So much has been handed over that it pays to deal with it before what comes next: whoever waits for the first of it would wait for the last as well.
    /// </summary>
    void HandleBatch();
}
