namespace IrohRpc.Tests;

/// <summary>A reason that a peer closes with reaches exceptions and logs, and commands no terminal on the way.</summary>
public sealed class PeerReasonTests
{
    private const string Reason = "\u001b]0;owned\u0007\u001b[2J\nwarn: forged \u202e";

    [Theory]
    [InlineData(EachTransport.Memory)]
    [InlineData("tls")]
    [InlineData("quic")]
    [InlineData("msquic")]
    public async Task Reason_of_a_close_is_escaped_on_each_transport(string transport)
    {
        var log = new LogCollector();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe(), clientOptions: new ClientOptions { LoggerFactory = log }, on: transport);
        await pair.Proxy.EchoAsync("before", TestContext.Current.CancellationToken).Soon();
        await pair.Server.Connection.CloseAsync(7, Reason, TestContext.Current.CancellationToken).Soon();
        ConnectionEnd end = await pair.Client.Connection.Closed.Soon();
        Assert.Equal("\\u001b]0;owned\\u0007\\u001b[2J\\u000awarn: forged \\u202e", end.Reason);
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.EchoAsync("after", TestContext.Current.CancellationToken).Soon());
        Assert.DoesNotContain(error.ToString(), character => character is '\u001b' or '\u0007' or '\u202e');
    }
}
