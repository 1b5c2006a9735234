namespace IrohRpc.Quic.Endpoints;

/// <summary>What waits for the deadlines of a connection in its place: an entry that outlives the connection, by up to its idle time-out, holds none of its memory.</summary>
internal sealed class ConnectionTimer(EndpointConnection connection)
{
    private volatile EndpointConnection? _connection = connection;

    /// <summary>The connection; null once it is over.</summary>
    public EndpointConnection? Connection => _connection;

    /// <summary>Lets go of the connection.</summary>
    public void Release() => _connection = null;
}
