using System.Text.RegularExpressions;

namespace IrohRpc.Tests;

/// <summary>What errors say: whole sentences, and whether the call may have run.</summary>
public sealed partial class MessageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Messages of causes, as other libraries end theirs.</summary>
    public static TheoryData<string> Causes => ["it broke", "it broke.", "it broke..", "Is the peer running?", "stop!", "it broke.\n"];

    [Theory]
    [MemberData(nameof(Causes))]
    public void Messages_are_whole_sentences_whatever_their_cause_says(string cause)
    {
        CompilerServices.MethodDescriptor method = IProbeMethod();
        var io = new IOException(cause);
        var peer = new PeerException(PeerErrorKind.ConnectionLost, cause);
        RpcException[] errors =
        [
            RpcErrors.DeadlineExceeded(method), RpcErrors.NotSentInTime(method, null), RpcErrors.NotSentInTime(method, peer), RpcErrors.NotStarted(method, peer),
            RpcErrors.NotStarted(method, null), RpcErrors.Lost(method, peer), RpcErrors.Lost(method, null), RpcErrors.BadResult(method, io),
            RpcErrors.UnwritableArguments(method, io), RpcErrors.FromStream(method, peer), RpcErrors.FromStream(method, io),
        ];
        Assert.All(errors, error => Assert.DoesNotMatch(BadEnds(), error.Message));
        Assert.All(errors, error => Assert.Matches(Ends(), error.Message));
    }

    [Theory]
    [MemberData(nameof(EachTransport.Rows), MemberType = typeof(EachTransport))]
    public async Task Call_on_a_stream_that_is_lost_says_that_it_may_have_run(string transport)
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, on: transport);
        Task call = pair.Proxy.KeepAsync(new byte[50_000], Token).AsTask();
        while (Volatile.Read(ref probe.Kept) == 0)
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        await pair.Server.Connection.CloseAsync(7, "gone", Token).Soon();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal((RpcStatusCode.Unavailable, false), (error.StatusCode, error.IsNotStarted));
        Assert.EndsWith("It may have run.", error.Message, StringComparison.Ordinal);
        probe.Gate.SetResult();
    }

    [Fact]
    public async Task Argument_that_cannot_be_written_is_the_callers_mistake_and_was_not_sent()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.EchoAsync("\uD800", Token).Soon());
        Assert.Equal((RpcStatusCode.InvalidArgument, true), (error.StatusCode, error.IsNotStarted));
        Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void Status_that_is_no_error_is_refused_where_the_error_is_made(int status)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new RpcException((RpcStatusCode)status, "x"));

    [Fact]
    public async Task Writer_that_is_completed_with_an_exception_leaves_nothing_unobserved()
    {
        // LeftBehind sees, after all tests, tasks that failed and that nobody observed.
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        System.IO.Pipelines.PipeWriter writer = await pair.Proxy.UploadAsync("", Token).Soon();
        await writer.WriteAsync(new byte[10], Token).Soon();
        try
        {
            await writer.CompleteAsync(new IOException("mine")).Soon();
        }
        catch (Exception exception) when (exception is not TimeoutException)
        {
            // How it ends is another test's.
        }

        Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private static CompilerServices.MethodDescriptor IProbeMethod() => FlushProbe.Method;

    [GeneratedRegex(@"\.\.|\?\.|!\.|[a-z] It may|\. *\.|\s$")]
    private static partial Regex BadEnds();

    [GeneratedRegex(@"[.!?]$")]
    private static partial Regex Ends();
}
