using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>A client that sends as fast as it may on one stream, and a server that reads as fast as it can.</summary>
internal sealed class BulkFlow
{
    private static readonly byte[] Block = new byte[64 * 1024];

    private readonly SimulatedConnection _client;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private SendStream? _send;

    private BulkFlow(SimulatedConnection client) => _client = client;

    /// <summary>How many bytes the server has read.</summary>
    public long Received { get; private set; }

    /// <summary>The client's side.</summary>
    public QuicConnection Sender => _client.Core;

    /// <summary>Dials, and sends from then on until the network stands still.</summary>
    public static BulkFlow Start(SimulatedHost client, SimulatedHost server)
    {
        var flow = new BulkFlow(client.Dial(server));
        flow._client.State = flow;
        client.Application = static connection => (connection.State as BulkFlow)?.Write();
        server.Application = connection =>
        {
            // Connections of one client are accepted in the order in which it dialled.
            int index = IndexOf(server, connection);
            ((BulkFlow)client.Connections[index].State!).Read(connection);
        };
        return flow;
    }

    private static int IndexOf(SimulatedHost host, SimulatedConnection connection)
    {
        for (int i = 0; i < host.Connections.Count; i++)
        {
            if (host.Connections[i] == connection)
            {
                return i;
            }
        }

        return -1;
    }

    private void Write()
    {
        if (!_client.IsOpen)
        {
            return;
        }

        _send ??= Sender.Streams.TryOpen(bidirectional: false)?.Send;
        if (_send is { IsWriteWaiting: false })
        {
            _send.Write(Block, complete: false);
        }
    }

    private void Read(SimulatedConnection connection)
    {
        if (!connection.IsOpen)
        {
            return;
        }

        connection.State ??= connection.Core.Streams.TryAccept(bidirectional: false);
        if (connection.State is MultiplexedStream { Receive: { } receive })
        {
            int count;
            while ((count = receive.Read(_buffer)) > 0)
            {
                Received += count;
            }
        }
    }
}
