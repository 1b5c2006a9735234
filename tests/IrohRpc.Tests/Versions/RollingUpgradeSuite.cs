using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

/// <summary>Five peers call one another without a pause while each in turn is replaced by its newer build: nobody sees a call fail.</summary>
public abstract class RollingUpgradeSuite
{
    private const int Peers = 5;
    private const int CallsBetweenRestarts = 50;

    protected abstract ITransport Transport { get; }

    [Fact]
    public async Task Rolling_upgrade_under_load_fails_no_call()
    {
        ITransport transport = Transport;
        await using var fleet = new ClockFleet(transport, Peers);
        await fleet.StartAsync(ClockBuild.First);
        await fleet.ExchangeAsync(CallsBetweenRestarts);
        for (int peer = 0; peer < Peers; peer++)
        {
            await fleet.UpgradeAsync(peer, ClockBuild.Third);
            await fleet.ExchangeAsync(CallsBetweenRestarts);
        }

        await fleet.StopLoadAsync();

        Assert.Empty(fleet.Failures);
        Assert.Equal(["clock/10", "clock/8"], fleet.VersionsSeen);
        Assert.All(fleet.PresentVersions(), alpn => Assert.Equal("clock/10", alpn));
        Assert.True(fleet.Calls >= 2 * Peers * (Peers - 1) * CallsBetweenRestarts * (Peers + 1), $"{fleet.Calls} calls");
    }
}
