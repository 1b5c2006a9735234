using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Multipath;

/// <summary>A client and a server that has two addresses, and a link to each.</summary>
internal sealed class TwoPaths : IDisposable
{
    public TwoPaths(
        int seed = 1,
        LinkConditions? first = null,
        LinkConditions? second = null,
        QuicConnectionOptions? client = null,
        QuicConnectionOptions? server = null)
    {
        first ??= new LinkConditions();
        second ??= new LinkConditions();
        Pair = new SimulatedPair(seed, first, first, client ?? Options(), server ?? Options());
        Second = Pair.Network.AddAddress(Pair.Server);
        Pair.Network.Connect(Pair.Client.Address, Pair.Server.Address, first, first);
        Pair.Network.Connect(Pair.Client.Address, Second, second, second);
    }

    public SimulatedPair Pair { get; }

    /// <summary>The server's address that the client did not dial.</summary>
    public UdpAddress Second { get; }

    public UdpAddress First => Pair.Server.Address;

    public QuicConnection Client => Pair.Dialled.Core;

    public QuicConnection Server => Pair.Accepted.Core;

    /// <summary>Both ways of the link to one of the server's addresses.</summary>
    public IEnumerable<SimulatedLink> LinksTo(UdpAddress address)
        => [Pair.Network.Link(Pair.Client.Address, address), Pair.Network.Link(address, Pair.Client.Address)];

    public static QuicConnectionOptions Options() => SimulatedPair.Options() with { UsesMultipath = true };

    /// <summary>Dials, and lets both sides know where the server is.</summary>
    public void Connect()
    {
        Pair.Connect();
        TellAddresses();
        Pair.Client.Flush();
        Pair.Server.Flush();
    }

    public void TellAddresses()
    {
        Client.SetLocalCandidates([Pair.Client.Address], Pair.Network.Now);
        Server.SetLocalCandidates([First, Second], Pair.Network.Now);
    }

    public void Kill(UdpAddress address)
    {
        foreach (SimulatedLink link in LinksTo(address))
        {
            link.Drops = static _ => true;
        }
    }

    public void Revive(UdpAddress address)
    {
        foreach (SimulatedLink link in LinksTo(address))
        {
            link.Drops = null;
        }
    }

    /// <summary>Sends bytes from the client to the server and back, and checks them.</summary>
    public void CheckTransfer(int length = 100_000)
    {
        MultiplexedStream up = Client.Streams.TryOpen(bidirectional: true)!;
        byte[] data = new byte[length];
        new Random(length).NextBytes(data);
        int written = 0;
        MultiplexedStream? down = null;
        var echoed = new List<byte>();
        var answer = new List<byte>();
        byte[] buffer = new byte[16 * 1024];
        bool done = Pair.Run(
            () =>
            {
                if (written < length && up.Send is { IsWriteWaiting: false } send)
                {
                    int count = Math.Min(10_000, length - written);
                    send.Write(data.AsSpan(written, count).ToArray(), complete: written + count == length);
                    written += count;
                    Pair.Client.Flush();
                }

                down ??= Server.Streams.TryAccept(bidirectional: true);
                for (int count; down is not null && (count = down.Receive!.Read(buffer)) > 0;)
                {
                    echoed.AddRange(buffer.AsSpan(0, count));
                }

                if (echoed.Count == length && down!.Send is { IsWriteWaiting: false } back && answer.Count == 0)
                {
                    back.Write(new byte[] { 1, 2, 3 }, complete: true);
                    answer.Add(0);
                    Pair.Server.Flush();
                }

                for (int count; (count = up.Receive!.Read(buffer)) > 0;)
                {
                    answer.AddRange(buffer.AsSpan(0, count));
                }

                Pair.Client.Flush();
                Pair.Server.Flush();
                return answer.Count == 4;
            },
            TimeSpan.FromMinutes(5));
        Assert.True(done, $"{Pair.Describe()}; {written} written, {echoed.Count} arrived");
        Assert.Equal(data, echoed);
    }

    public void Dispose() => Pair.Dispose();
}
