using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Tests.Simulation;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class EarlyDataTests
{
    private readonly byte[] _buffer = new byte[10_000];

    [Fact]
    public void Early_data_arrives_with_the_first_flight()
    {
        using SimulatedPair pair = Prepare();
        TimeSpan start = pair.Network.Now;
        (SimulatedConnection dialled, MultiplexedStream _) = DialWithData(pair);
        Assert.True(pair.Run(() => ReadAll(pair) == 3000), pair.Describe());
        Assert.InRange((pair.Network.Now - start).TotalMilliseconds, 10, 12);
        Assert.True(pair.Run(() => dialled.Core.IsConfirmed));
        Assert.Equal(EarlyDataStatus.Accepted, dialled.Core.Tls.EarlyData);
        Assert.True(dialled.Core.Tls.IsResumed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Early_data_that_is_lost_or_refused_is_sent_again_once(bool isRefused)
    {
        using SimulatedPair pair = Prepare();
        if (isRefused)
        {
            pair.Server.ReplayFilter = null;
        }
        else
        {
            int sent = 0;
            pair.Network.Link(pair.Client, pair.Server).Drops = _ => ++sent is 2 or 3;
        }

        (SimulatedConnection dialled, MultiplexedStream stream) = DialWithData(pair);
        int read = 0;
        Assert.True(pair.Run(() => (read += ReadAll(pair)) == 3000), pair.Describe());
        Assert.True(pair.Run(() => stream.Send!.IsDelivered));
        Assert.Equal(isRefused ? EarlyDataStatus.Rejected : EarlyDataStatus.Accepted, dialled.Core.Tls.EarlyData);
        Assert.Equal(isRefused, (dialled.Events & ConnectionEvents.EarlyDataRejected) != 0);
    }

    [Fact]
    public void A_retry_takes_early_data_along()
    {
        using SimulatedPair pair = Prepare();
        pair.Server.Retries = true;
        DialWithData(pair);
        int read = 0;
        Assert.True(pair.Run(() => (read += ReadAll(pair)) == 3000), pair.Describe());
    }

    [Fact]
    public void An_answer_to_early_data_comes_after_one_round_trip()
    {
        using SimulatedPair pair = Prepare();
        TimeSpan start = pair.Network.Now;
        pair.Server.Application = static connection =>
        {
            if (connection.State is null && connection.Core.Streams.TryAccept(bidirectional: true) is { } accepted)
            {
                connection.State = accepted;
                accepted.Send!.Write(new byte[100], complete: true);
            }
        };
        (SimulatedConnection dialled, MultiplexedStream stream) = DialWithData(pair);
        Assert.True(pair.Run(() => stream.Receive!.Read(_buffer) == 100), pair.Describe());

        // The link is 10 ms long; with a full handshake first the answer takes 40.
        Assert.InRange((pair.Network.Now - start).TotalMilliseconds, 20, 24);
        Assert.True(pair.Run(() => dialled.Core.IsConfirmed));
    }

    /// <remarks>Everything that the client sent is sent again to the server, as one who listened can do: it neither arrives again nor makes a connection.</remarks>
    [Fact]
    public void Early_data_that_somebody_copies_is_refused()
    {
        using SimulatedPair pair = Prepare();
        List<SimulatedDatagram> copies = [];
        pair.Network.Link(pair.Client, pair.Server).Drops = datagram =>
        {
            copies.Add(datagram with { Bytes = datagram.Bytes.ToArray() });
            return false;
        };
        (SimulatedConnection dialled, MultiplexedStream stream) = DialWithData(pair);
        Assert.True(pair.Run(() => ReadAll(pair) == 3000), pair.Describe());
        Assert.True(pair.Run(() => dialled.Core.IsConfirmed));
        dialled.Core.CloseByApplication(0, "", pair.Network.Now);
        pair.Client.Flush();
        pair.Run(TimeSpan.FromSeconds(5));
        int before = pair.Server.Connections.Count;
        pair.Network.Link(pair.Client, pair.Server).Drops = null;
        copies.ForEach(copy => pair.Network.Transmit(pair.Client, copy));

        pair.Run(TimeSpan.FromSeconds(1));
        SimulatedConnection[] copied = [.. pair.Server.Connections.Skip(before)];
        Assert.NotEmpty(copied);
        Assert.All(copied, static connection => Assert.False(connection.Core.HasEarlyStreams));
        Assert.All(copied, static connection => Assert.Null(connection.Core.Streams.TryAccept(bidirectional: true)));
        pair.Run(TimeSpan.FromSeconds(60));
        Assert.All(copied, static connection => Assert.Equal(ConnectionState.Closed, connection.Core.State));
        Assert.NotNull(stream);
    }

    [Fact]
    public void A_server_that_refuses_early_data_and_allows_less_than_it_did_ends_the_connection()
    {
        using SimulatedPair pair = Prepare();
        pair.Server.ReplayFilter = null;
        pair.Server.Options = SimulatedPair.Options(streams: 1, bytes: 1000);
        (SimulatedConnection dialled, MultiplexedStream _) = DialWithData(pair);
        Assert.True(pair.Run(() => dialled.Core.Close is not null), pair.Describe());
        Assert.Equal(ConnectionCloseKind.EarlyDataRefused, dialled.Core.Close!.Kind);
    }

    /// <summary>Two hosts of which the client holds a ticket that allows early data.</summary>
    internal static SimulatedPair Prepare()
    {
        var pair = new SimulatedPair();
        pair.Server.TicketKeys = new TicketKeys(TimeProvider.System);
        pair.Server.ReplayFilter = new EarlyDataReplayFilter(TimeProvider.System);
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        Assert.True(pair.Dialled.Core.TryTakeSession(out TlsSession? session));
        pair.Client.Session = session;
        pair.Dialled.Core.CloseByApplication(0, "", pair.Network.Now);
        pair.Client.Flush();
        pair.Run(TimeSpan.FromSeconds(5));
        return pair;
    }

    private static (SimulatedConnection Connection, MultiplexedStream Stream) DialWithData(SimulatedPair pair)
    {
        MultiplexedStream? stream = null;
        SimulatedConnection connection = pair.Client.Dial(pair.Server, beforeFirst: dialled =>
        {
            stream = dialled.Core.Streams.TryOpen(bidirectional: true)!;
            stream.Send!.Write(new byte[3000], complete: true);
        });
        return (connection, stream!);
    }

    private int ReadAll(SimulatedPair pair)
    {
        int read = 0;
        foreach (SimulatedConnection accepted in pair.Server.Connections.Skip(1))
        {
            MultiplexedStream? stream = (MultiplexedStream?)(accepted.State ??= accepted.Core.Streams.TryAccept(bidirectional: true));
            read += stream?.Receive!.Read(_buffer) ?? 0;
        }

        return read;
    }
}
