using IrohRpc.Quic.Tests.Simulation;

namespace IrohRpc.Quic.Tests.Multipath;

/// <summary>Connections with several paths: opened, chosen, lost and given up.</summary>
public sealed class MultipathTests
{
    private static readonly LinkConditions Slow = new() { Delay = TimeSpan.FromMilliseconds(60) };
    private static readonly LinkConditions Fast = new() { Delay = TimeSpan.FromMilliseconds(5) };

    [Fact]
    public void A_better_path_is_found_taken_by_both_sides_and_the_other_given_up()
    {
        using var paths = new TwoPaths(first: Slow, second: Fast);
        paths.Connect();
        Assert.True(paths.Client.UsesMultipath && paths.Server.UsesMultipath);
        Assert.True(
            paths.Pair.Run(() => paths.Client.Path.Remote == paths.Second && paths.Server.Path.Local == paths.Second, TimeSpan.FromSeconds(3)),
            $"{paths.Client.Path} {paths.Server.Path} {paths.Pair.Describe()}");
        paths.CheckTransfer();
        paths.Pair.Run(TimeSpan.FromSeconds(3));
        Assert.Single(paths.Client.Paths);
        Assert.Single(paths.Server.Paths);
        paths.Pair.CloseAndCheck();
    }

    [Fact]
    public void A_path_that_is_no_better_is_not_taken()
    {
        using var paths = new TwoPaths(first: Fast, second: new LinkConditions { Delay = TimeSpan.FromMilliseconds(4) });
        paths.Connect();
        paths.CheckTransfer();
        paths.Pair.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(paths.First, paths.Client.Path.Remote);
        Assert.Equal(0, paths.Client.Statistics.PathChanges);
        paths.Pair.CloseAndCheck();
    }

    [Fact]
    public void When_the_path_in_use_dies_the_bytes_on_it_arrive_by_the_other()
    {
        using var paths = new TwoPaths(first: Slow, second: Slow with { Delay = TimeSpan.FromMilliseconds(62) });
        paths.Connect();
        paths.Pair.Run(() => paths.Client.Paths.Count() == 2, TimeSpan.FromSeconds(2));
        paths.Kill(paths.First);
        paths.CheckTransfer();
        Assert.Equal(paths.Second, paths.Client.Path.Remote);
        paths.Pair.CloseAndCheck();
    }

    [Fact]
    public void Keys_are_updated_while_paths_come_and_go()
    {
        using var paths = new TwoPaths(first: Slow, second: Fast);
        paths.Connect();
        for (int i = 0; i < 20; i++)
        {
            paths.Client.TryUpdateKeys(paths.Pair.Network.Now);
            paths.CheckTransfer(20_000 + i);
            paths.Server.TryUpdateKeys(paths.Pair.Network.Now);
            paths.Pair.Run(TimeSpan.FromMilliseconds(300));
        }

        Assert.Equal(paths.Second, paths.Client.Path.Remote);
        paths.Pair.CloseAndCheck();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Where_one_side_does_not_offer_it_the_connection_has_one_path(bool client, bool server)
    {
        using var paths = new TwoPaths(
            client: TwoPaths.Options() with { UsesMultipath = client }, server: TwoPaths.Options() with { UsesMultipath = server });
        paths.Connect();
        paths.CheckTransfer();
        Assert.False(paths.Client.UsesMultipath || paths.Server.UsesMultipath);
        paths.Pair.CloseAndCheck();
    }
}
