using IrohRpc.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>What a service can answer, and what it costs the caller.</summary>
public sealed class HostileServiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The body of an answer behind the call's number, what the caller gets for it, and what the message says.</summary>
    public static TheoryData<string, byte, byte[], RpcStatusCode, string> BadAnswers => new()
    {
        { "result cut short", (byte)FrameType.Response, [0, 5, 0], RpcStatusCode.Internal, "does not decode" },
        { "bytes behind the result", (byte)FrameType.Response, [0, 5, 0, 0, 0, 1], RpcStatusCode.Internal, "does not decode" },
        { "no result", (byte)FrameType.Response, [0], RpcStatusCode.Internal, "does not decode" },
        { "fields that reach past the frame", (byte)FrameType.Response, [60, 1], RpcStatusCode.Internal, "does not decode" },
        { "nothing behind the number", (byte)FrameType.Response, [], RpcStatusCode.Internal, "does not decode" },
        { "failure that says it is none", (byte)FrameType.Failure, [0, 0], RpcStatusCode.Unknown, "AddAsync" },
        { "failure of an unknown code", (byte)FrameType.Failure, [60, 0], RpcStatusCode.Unknown, "AddAsync" },
        { "failure without a code", (byte)FrameType.Failure, [], RpcStatusCode.Internal, "does not decode" },
        { "failure whose fields are broken", (byte)FrameType.Failure, [5, 2, 5, 60], RpcStatusCode.NotFound, "AddAsync" },
        { "fault that nobody declared", (byte)FrameType.Failure, [9, 12, 6, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], RpcStatusCode.FailedPrecondition, "AddAsync" },
        { "answer over the lane's limit", (byte)FrameType.Response, new byte[70_000], RpcStatusCode.ResourceExhausted, "over the limit" },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task Bad_answer_costs_its_call(string what, byte type, byte[] answer, RpcStatusCode status, string says)
    {
        await using RawService service = await RawService.StartAsync();
        Task<int> first = service.Proxy.AddAsync(1, 2);
        Task<int> second = service.Proxy.AddAsync(3, 4);
        PeerStream lane = await service.AcceptAsync(StreamKind.Lane);
        byte number = await RawService.RequestAsync(lane);
        byte other = await RawService.RequestAsync(lane);
        await RawService.AnswerAsync(lane, (FrameType)type, [number, .. answer]);
        await RawService.AnswerAsync(lane, FrameType.Response, other, 0, 7, 0, 0, 0);
        var error = await Assert.ThrowsAsync<RpcException>(() => first.Soon());
        Assert.Equal((status, "IWorkshop.AddAsync", false), (error.StatusCode, error.Method, error.IsNotStarted));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(7, await second.Soon());
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task Answers_that_nobody_waits_for_are_ignored()
    {
        await using RawService service = await RawService.StartAsync();
        Task<int> call = service.Proxy.AddAsync(1, 2);
        PeerStream lane = await service.AcceptAsync(StreamKind.Lane);
        byte number = await RawService.RequestAsync(lane);
        byte[] largest = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
        await RawService.AnswerAsync(lane, FrameType.Response, [.. largest, 0, 9, 0, 0, 0]);
        await RawService.AnswerAsync(lane, FrameType.Failure, 63, 5, 0);
        await RawService.AnswerAsync(lane, FrameType.Request, 0, 0, 0);
        await RawService.AnswerAsync(lane, FrameType.Response, number, 0, 3, 0, 0, 0);
        await RawService.AnswerAsync(lane, FrameType.Response, number, 0, 4, 0, 0, 0);
        Assert.Equal(3, await call.Soon());
        Task<int> next = service.Proxy.AddAsync(1, 2);
        await RawService.AnswerAsync(lane, FrameType.Response, await RawService.RequestAsync(lane), 0, 5, 0, 0, 0);
        Assert.Equal(5, await next.Soon());
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 1, 2 })]
    [InlineData(new byte[] { 1, 0xff })]
    public async Task Lane_whose_frames_cannot_be_followed_is_left_for_another(byte[] bytes)
    {
        await using RawService service = await RawService.StartAsync();
        Task<int> call = service.Proxy.AddAsync(1, 2);
        PeerStream lane = await service.AcceptAsync(StreamKind.Lane);
        await RawService.RequestAsync(lane);
        await lane.WriteAsync(bytes, Token).Soon();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal((RpcStatusCode.Unavailable, false), (error.StatusCode, error.IsNotStarted));
        Task<int> next = service.Proxy.AddAsync(1, 2);
        PeerStream another = await service.AcceptAsync(StreamKind.Lane);
        await RawService.AnswerAsync(another, FrameType.Response, await RawService.RequestAsync(another), 0, 3, 0, 0, 0);
        Assert.Equal(3, await next.Soon());
    }

    [Fact]
    public async Task Lane_that_ends_leaves_its_calls_unavailable()
    {
        await using RawService service = await RawService.StartAsync();
        Task<int> call = service.Proxy.AddAsync(1, 2);
        PeerStream lane = await service.AcceptAsync(StreamKind.Lane);
        await RawService.RequestAsync(lane);
        lane.CompleteWrites();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal((RpcStatusCode.Unavailable, false), (error.StatusCode, error.IsNotStarted));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_that_ends_without_its_end_is_an_error_and_never_short(bool afterAnItem)
    {
        await using RawService service = await RawService.StartAsync();
        await using IAsyncEnumerator<int> items = service.Proxy.CountAsync(2, Token).GetAsyncEnumerator(Token);
        ValueTask<bool> next = items.MoveNextAsync();
        PeerStream stream = await service.AcceptAsync(StreamKind.Call);
        await RawService.RequestAsync(stream);
        await RawService.AnswerAsync(stream, FrameType.Response, 0, 0);
        if (afterAnItem)
        {
            await RawService.AnswerAsync(stream, FrameType.Item, 4, 0, 0, 0);
            Assert.True(await next.Soon());
            Assert.Equal(4, items.Current);
            next = items.MoveNextAsync();
        }

        stream.CompleteWrites();
        Assert.Equal(RpcStatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => next.Soon())).StatusCode);
    }

    [Fact]
    public async Task Item_over_the_limit_is_refused_before_it_has_come()
    {
        await using RawService service = await RawService.StartAsync(new ClientOptions { MessageLimit = 1024 });
        await using IAsyncEnumerator<int> items = service.Proxy.CountAsync(2, Token).GetAsyncEnumerator(Token);
        ValueTask<bool> next = items.MoveNextAsync();
        PeerStream stream = await service.AcceptAsync(StreamKind.Call);
        await RawService.RequestAsync(stream);
        await RawService.AnswerAsync(stream, FrameType.Response, 0, 0);

        // An ITEM of a gigabyte, of which some dozens of bytes are sent.
        await stream.WriteAsync((byte[])[0xc0, 0, 0, 0, 0x40, 0, 0, 0, (byte)FrameType.Item, .. new byte[64]], Token).Soon();
        var error = await Assert.ThrowsAsync<RpcException>(() => next.Soon());
        Assert.Equal((RpcStatusCode.ResourceExhausted, "IWorkshop.CountAsync"), (error.StatusCode, error.Method));
        var reset = await Assert.ThrowsAsync<PeerException>(() => stream.WritesClosed.Soon());
        Assert.Equal(ResetCode.LimitExceeded, reset.ErrorCode);
    }

    [Fact]
    public async Task Answer_on_a_stream_for_a_call_that_is_not_there_is_reset()
    {
        await using RawService service = await RawService.StartAsync();
        Task<int> call = service.Proxy.AddAsync(1, 2);
        PeerStream lane = await service.AcceptAsync(StreamKind.Lane);
        byte number = await RawService.RequestAsync(lane);
        foreach (byte[] head in (byte[][])[[1, 2, 44], [1, 2, (byte)lane.Id]])
        {
            PeerStream answer = await service.Connection.OpenUnidirectionalStreamAsync(Token).Soon();
            await answer.WriteAsync((byte[])[.. head, .. RawPeer.Frame((byte)FrameType.Response, [63, 0, 1, 0, 0, 0])], Token).Soon();
            var reset = await Assert.ThrowsAsync<PeerException>(() => answer.WritesClosed.Soon());
            Assert.Equal(ResetCode.UnknownCall, reset.ErrorCode);
        }

        await RawService.AnswerAsync(lane, FrameType.Response, number, 0, 3, 0, 0, 0);
        Assert.Equal(3, await call.Soon());
    }

    [Fact]
    public async Task Second_stream_for_the_answer_of_one_call_is_reset()
    {
        await using RawService service = await RawService.StartAsync();
        Task<int> call = service.Proxy.AddAsync(1, 2);
        PeerStream lane = await service.AcceptAsync(StreamKind.Lane);
        byte number = await RawService.RequestAsync(lane);

        // Each begins a response that never ends. Which of them comes first is the thread pool's affair.
        List<Task<long?>> resets = [];
        for (int stream = 0; stream < 3; stream++)
        {
            PeerStream answer = await service.Connection.OpenUnidirectionalStreamAsync(Token).Soon();
            await answer.WriteAsync((byte[])[1, 2, (byte)lane.Id, 0x80, 0, 0xff, 0xff, (byte)FrameType.Response, number, .. new byte[16]], Token).Soon();
            resets.Add(CodeOfResetAsync(answer));
        }

        for (int reset = 0; reset < 2; reset++)
        {
            Task<long?> first = await Task.WhenAny(resets).Soon();
            Assert.Equal(ResetCode.UnknownCall, await first);
            resets.Remove(first);
        }

        Assert.False(resets[0].IsCompleted);
        await RawService.AnswerAsync(lane, FrameType.Response, number, 0, 3, 0, 0, 0);
        Assert.Equal(3, await call.Soon());

        static async Task<long?> CodeOfResetAsync(PeerStream stream)
        {
            try
            {
                await stream.WritesClosed;
                return null;
            }
            catch (PeerException exception)
            {
                return exception.ErrorCode;
            }
        }
    }

    [Fact]
    public async Task Report_for_a_parameter_that_takes_none_is_ignored_and_one_that_does_not_decode_ends_the_call()
    {
        await using RawService service = await RawService.StartAsync();
        var progress = new Progress<int>();
        Task<int> call = service.Proxy.WorkAsync(1, progress, Token).AsTask();
        PeerStream stream = await service.AcceptAsync(StreamKind.Call);
        await RawService.RequestAsync(stream);
        await RawService.AnswerAsync(stream, FrameType.Progress, 9, 1, 0, 0, 0);
        await RawService.AnswerAsync(stream, FrameType.Progress, 1, 1);
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal((RpcStatusCode.Internal, "IWorkshop.WorkAsync"), (error.StatusCode, error.Method));
    }
}
