using System.Net;
using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.Endpoints.Sockets;

/// <summary>What an endpoint sends and receives datagrams with: one thread waits, receives and is woken; any thread sends.</summary>
internal abstract class DatagramSocket : IDisposable
{
    /// <summary>The address and port that the socket is bound to; unspecified where it has none.</summary>
    public abstract IPEndPoint LocalEndPoint { get; }

    /// <summary>How many datagrams of equal length can be sent in one call.</summary>
    public abstract int MaxSegments { get; }

    /// <summary>Whether received congestion marks are told and marks can be sent.</summary>
    public abstract bool SupportsEcn { get; }

    /// <summary>Whether destinations of this kind are sent to from here.</summary>
    public abstract bool Carries(in UdpAddress destination);

    /// <summary>Whether datagrams from here get to a destination, as far as the two addresses tell.</summary>
    public abstract bool Reaches(in UdpAddress destination);

    /// <summary>Waits until there is something to receive, until <see cref="Wake"/> or until the time is over. For one thread.</summary>
    /// <param name="timeout">How long to wait at most; null for as long as it takes.</param>
    public abstract void Wait(TimeSpan? timeout);

    /// <summary>Ends the wait that is under way, or the next one. For any thread.</summary>
    public abstract void Wake();

    /// <summary>Receives what has arrived, up to a bound, without waiting. For the thread that waits.</summary>
    /// <param name="receiver">Takes the datagrams.</param>
    /// <returns>Whether there may be more.</returns>
    public abstract bool Receive(IDatagramReceiver receiver);

    /// <summary>Sends datagrams. What cannot be sent is lost, as anything may be on its way. For any thread.</summary>
    /// <param name="datagrams">The datagrams, one behind the other.</param>
    /// <param name="destination">Where they go, from where, how they are marked, and how long each but the last is.</param>
    public abstract void Send(ReadOnlySpan<byte> datagrams, in OutgoingDatagrams destination);

    /// <summary>Closes the socket. Nobody may wait, receive or send any more.</summary>
    public abstract void Dispose();
}
