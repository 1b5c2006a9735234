namespace IrohRpc.Tests;

/// <summary>What is said of a call holds for all of its attempts.</summary>
public sealed class EarlierAttemptTests
{
    /// <summary>Its last attempt was not sent, since nobody could be dialled any more; the first ran.</summary>
    [Fact]
    public async Task Call_whose_first_attempt_ran_is_not_said_to_be_not_started_when_the_next_cannot_be_sent()
    {
        var service = new Workshop();
        await using TestPeers<IWorkshop> peers = await TestPeers.CreateAsync<IWorkshop>(service, cancellationToken: TestContext.Current.CancellationToken);
        Task<int> call = peers.Proxy.AgainAsync(TestContext.Current.CancellationToken).AsTask();
        await service.Entered.Task.Soon();
        peers.Network.RefuseDials(peers.Server.Id);
        peers.LoseConnections();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal((RpcStatusCode.Unavailable, false), (error.StatusCode, error.IsNotStarted));
    }
}
