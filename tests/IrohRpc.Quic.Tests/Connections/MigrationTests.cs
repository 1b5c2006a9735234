using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Connections;

public sealed class MigrationTests
{
    private readonly byte[] _buffer = new byte[100_000];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_behind_a_NAT_that_forgets_is_followed_and_validated(bool changesHost)
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        pair.Network.Rebind(pair.Client, changesHost);
        CheckTransfer(pair);
        Assert.Equal(pair.Client.Address, pair.Accepted.Core.Path.Remote);
        Assert.Equal(1, pair.Accepted.Core.Statistics.PathChanges);
        pair.CloseAndCheck();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_whose_address_has_gone_sends_from_wherever_it_is_now(bool hasSpareId)
    {
        using var pair = new SimulatedPair(
            server: SimulatedPair.Options() with { ConnectionIdCount = hasSpareId ? 4 : 1 }, client: SimulatedPair.Options());
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        UdpAddress before = pair.Client.LocalAddress;
        pair.Network.Rebind(pair.Client, changesHost: true);
        pair.Dialled.Core.HandleNetworkChanged(local => local != before, pair.Network.Now);
        Assert.True(pair.Dialled.Core.Path.Local.IsUnspecified);
        CheckTransfer(pair);
        Assert.Equal(pair.Client.Address, pair.Accepted.Core.Path.Remote);
        pair.CloseAndCheck();
    }

    [Fact]
    public void A_change_that_leaves_the_path_alone_has_it_tried_at_once_and_nothing_else()
    {
        using var pair = new SimulatedPair(client: SimulatedPair.Options() with { KeepAliveInterval = null });
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        long received = pair.Accepted.Core.Statistics.PacketsReceived;
        pair.Dialled.Core.HandleNetworkChanged(static _ => true, pair.Network.Now);
        pair.Run(TimeSpan.FromSeconds(1));
        Assert.InRange(pair.Accepted.Core.Statistics.PacketsReceived - received, 1, 2);
        Assert.Equal(0, pair.Dialled.Core.Statistics.PathChanges);
    }

    [Fact]
    public void A_client_is_followed_through_many_addresses()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        for (int i = 0; i < 20; i++)
        {
            pair.Run(TimeSpan.FromSeconds(1));
            pair.Network.Rebind(pair.Client, changesHost: i % 3 == 0);
            CheckTransfer(pair);
        }

        Assert.Equal(pair.Client.Address, pair.Accepted.Core.Path.Remote);
        pair.CloseAndCheck();
    }

    [Fact]
    public void To_an_address_that_was_not_validated_no_more_goes_than_three_times_what_came_from_it()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        pair.Network.Rebind(pair.Client, changesHost: true);
        long received = 0;
        long sent = 0;
        pair.Network.Link(pair.Client, pair.Server).Drops = datagram =>
        {
            received += datagram.Bytes.Length;
            return received > 200;
        };
        pair.Network.Link(pair.Server, pair.Client).Drops = datagram =>
        {
            sent += datagram.To == pair.Client.Address ? datagram.Bytes.Length : 0;
            return true;
        };
        MultiplexedStream up = pair.Dialled.Core.Streams.TryOpen(bidirectional: false)!;
        up.Send!.Write(new byte[10], complete: false);
        MultiplexedStream down = pair.Accepted.Core.Streams.TryOpen(bidirectional: false)!;
        down.Send!.Write(new byte[50_000], complete: true);
        pair.Client.Flush();
        pair.Run(TimeSpan.FromSeconds(5));
        Assert.InRange(sent, 1, 3 * 200);
    }

    [Fact]
    public void Packets_copied_to_another_address_do_not_take_the_connection_away()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));

        // Somebody between sends the client's packets on from elsewhere, faster than the network does, and answers nothing.
        UdpAddress attacker = UdpAddress.From(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("10.9.9.9"), 9));
        bool copies = true;
        pair.Network.Link(pair.Client, pair.Server).Drops = datagram =>
        {
            if (copies)
            {
                pair.Network.Schedule(pair.Network.Now, datagram with { From = attacker, Bytes = [.. datagram.Bytes] });
            }

            return false;
        };
        MultiplexedStream stream = pair.Dialled.Core.Streams.TryOpen(bidirectional: false)!;
        stream.Send!.Write(new byte[10], complete: false);
        pair.Client.Flush();
        pair.Run(TimeSpan.FromMilliseconds(5));
        copies = false;
        pair.Run(TimeSpan.FromSeconds(20));
        Assert.True(pair.Accepted.IsOpen && pair.Dialled.IsOpen, pair.Describe());
        Assert.Equal(pair.Client.Address, pair.Accepted.Core.Path.Remote);
        CheckTransfer(pair);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_migrates_on_its_own_initiative_under_another_connection_id(bool isOldPathGone)
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        UdpAddress other = pair.Network.AddAddress(pair.Client);
        var path = new NetworkPath(pair.Server.Address, other);
        Assert.True(pair.Dialled.Core.TryMigrate(path, isOldPathGone));
        pair.Client.Flush();
        pair.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(path, pair.Dialled.Core.Path);
        CheckTransfer(pair);
        Assert.Equal(other, pair.Accepted.Core.Path.Remote);
        pair.CloseAndCheck();
    }

    [Fact]
    public void A_path_that_does_not_work_is_not_migrated_to()
    {
        using var pair = new SimulatedPair();
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        UdpAddress dead = UdpAddress.From(new System.Net.IPEndPoint(System.Net.IPAddress.Parse("10.9.9.9"), 9));
        NetworkPath before = pair.Dialled.Core.Path;
        Assert.True(pair.Dialled.Core.TryMigrate(new NetworkPath(dead, pair.Client.Address), isOldPathGone: false));
        pair.Client.Flush();
        pair.Run(TimeSpan.FromSeconds(20));
        Assert.Equal(before, pair.Dialled.Core.Path);
        CheckTransfer(pair);
    }

    [Fact]
    public void A_server_that_does_not_follow_ignores_other_addresses()
    {
        using var pair = new SimulatedPair(server: SimulatedPair.Options() with { AllowsMigration = false });
        pair.Connect();
        pair.Run(TimeSpan.FromSeconds(1));
        NetworkPath before = pair.Accepted.Core.Path;
        pair.Network.Rebind(pair.Client, changesHost: true);
        pair.Dialled.Core.Ping();
        pair.Client.Flush();
        pair.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(before, pair.Accepted.Core.Path);
    }

    private void CheckTransfer(SimulatedPair pair)
    {
        MultiplexedStream stream = pair.Dialled.Core.Streams.TryOpen(bidirectional: true)!;
        stream.Send!.Write(new byte[20_000], complete: true);
        pair.Client.Flush();
        MultiplexedStream? accepted = null;
        int read = 0;
        Assert.True(
            pair.Run(() =>
            {
                accepted ??= pair.Accepted.Core.Streams.TryAccept(bidirectional: true);
                read += accepted?.Receive!.Read(_buffer) ?? 0;
                return accepted?.Receive!.State == ReceiveState.DataRead;
            }),
            pair.Describe());
        Assert.Equal(20_000, read);
        accepted!.Send!.Write(new byte[20_000], complete: true);
        pair.Server.Flush();
        Assert.True(
            pair.Run(() =>
            {
                stream.Receive!.Read(_buffer);
                return stream.Receive.State == ReceiveState.DataRead;
            }),
            pair.Describe());
    }
}
