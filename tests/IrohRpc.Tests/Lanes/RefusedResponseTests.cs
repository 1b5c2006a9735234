using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>
/// A response that its caller refuses for its size, on a stream of its own, ends its call and no other: the service does not speak of it again on the lane, where its number may be another call's by then.
/// </summary>
public sealed class RefusedResponseTests
{
    private const int Rounds = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Transports => EachTransport.Rows;

    [Theory, MemberData(nameof(Transports))]
    public async Task Calls_after_it_have_the_answers_that_are_theirs(string transport)
    {
        await using RpcPair pair = await RpcPair.StartAsync(
            EachTransport.Find(transport), new ServiceOptions { MessageLimit = 8 << 20 }, new ClientOptions { MessageLimit = 1 << 20 });
        for (int round = 0; round < Rounds; round++)
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.LargeAsync([1], 4 << 20, Token).AsTask().Soon());
            Assert.Equal(RpcStatusCode.ResourceExhausted, refused.StatusCode);

            // Each is of another size, so that a neighbour's answer would show.
            for (int call = 1; call <= 5; call++)
            {
                Assert.Equal(call, (await pair.Proxy.LargeAsync([2], call, Token).AsTask().Soon()).Length);
            }
        }
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task One_whose_whole_response_had_left_before_it_was_refused_frees_its_number_too(string transport)
    {
        await using RpcPair pair = await RpcPair.StartAsync(EachTransport.Find(transport), null, new ClientOptions { MessageLimit = 70_000 });
        for (int round = 0; round < Rounds; round++)
        {
            await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.LargeAsync([1], 100_000, Token).AsTask().Soon());
            Assert.Equal(round, (await pair.Proxy.LargeAsync([2], round, Token).AsTask().Soon()).Length);
        }
    }
}
