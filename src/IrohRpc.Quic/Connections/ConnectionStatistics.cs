namespace IrohRpc.Quic.Connections;

/// <summary>What a connection has done so far. Counters only grow.</summary>
internal sealed class ConnectionStatistics
{
    /// <summary>Bytes of datagrams that left.</summary>
    public long BytesSent { get; set; }

    /// <summary>Bytes of datagrams that arrived.</summary>
    public long BytesReceived { get; set; }

    /// <summary>Datagrams that left.</summary>
    public long DatagramsSent { get; set; }

    /// <summary>Datagrams that arrived.</summary>
    public long DatagramsReceived { get; set; }

    /// <summary>Packets that left.</summary>
    public long PacketsSent { get; set; }

    /// <summary>Packets that arrived, were authentic and new.</summary>
    public long PacketsReceived { get; set; }

    /// <summary>Packets that were taken for lost, some of them wrongly.</summary>
    public long PacketsLost { get; set; }

    /// <summary>Packets that arrived again.</summary>
    public long DuplicatePackets { get; set; }

    /// <summary>How often the peer or this side went over to another path.</summary>
    public int PathChanges { get; set; }
}
