using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>A connection of a <see cref="SimulatedHost"/>, and what has happened to it.</summary>
internal sealed class SimulatedConnection(SimulatedHost host) : IConnectionIdRegistry
{
    public SimulatedHost Host { get; } = host;

    public QuicConnection Core { get; set; } = null!;

    /// <summary>The id that the client chose for a connection of a server.</summary>
    public ConnectionId? FirstDestination { get; init; }

    /// <summary>Everything that has happened so far.</summary>
    public ConnectionEvents Events { get; private set; }

    public bool IsReleased { get; set; }

    public bool IsOpen => Core.State == ConnectionState.Open;

    /// <summary>What the application keeps with the connection.</summary>
    public object? State { get; set; }

    public ConnectionId Issue(out StatelessResetToken token) => Host.Issue(this, out token);

    public void Retire(in ConnectionId id) => Host.Retire(id);

    public void TakeEvents()
    {
        Events |= Core.TakeEvents();
        if ((Events & ConnectionEvents.Ended) != 0)
        {
            // As an owner does that has told its streams.
            Core.Streams.Abandon();
        }

        while (Core.Streams.TryTakeEvent(out _, out _))
        {
        }
    }
}
