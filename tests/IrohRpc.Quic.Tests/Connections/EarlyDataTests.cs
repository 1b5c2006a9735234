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

    private static SimulatedPair Prepare()
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
