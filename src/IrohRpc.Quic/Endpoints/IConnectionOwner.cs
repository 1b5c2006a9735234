using IrohRpc.Quic.Connections;

namespace IrohRpc.Quic.Endpoints;

/// <summary>Whoever uses an <see cref="EndpointConnection"/>.</summary>
internal interface IConnectionOwner
{
    /// <summary>The lock that guards the connection and what its owner hangs on it.</summary>
    Lock Gate { get; }

    /// <summary>Something has happened to the connection, or to its streams. Within <see cref="Gate"/>, on any thread.</summary>
    /// <param name="events">What has happened; the stream layer has events of its own.</param>
    /// <param name="isMoreComing">Whether more has arrived already and is about to be handed over: the next call follows at once.</param>
    void HandleEvents(ConnectionEvents events, bool isMoreComing);

    /// <summary>Whether what was handed over since the last time is most likely answered at once. Within <see cref="Gate"/>.</summary>
    bool TakeExpectsAnswer();

    /// <summary>The network says that nobody is there, and nobody has answered yet: the connection is about to be given up. Within <see cref="Gate"/>.</summary>
    void HandleUnreachable();
}
