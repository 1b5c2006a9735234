using System.Buffers.Binary;
using System.Text;
using IrohRpc.Internal;

namespace IrohRpc.Tests;

/// <summary>What a peer can send, and what it costs whom.</summary>
public sealed class HostilePeerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static readonly byte[] Good = RawPeer.Request(9, "Touch", "()->void", []);

    public static TheoryData<string, byte[], RpcStatusCode, string> BadRequests => new()
    {
        { "unknown method", RawPeer.Request(1, "Nothing", "()->void", []), RpcStatusCode.Unimplemented, "no method" },
        { "other signature", RawPeer.Request(1, "Hello", "(i32)->string", []), RpcStatusCode.Unimplemented, "(string)->string" },
        { "unknown object", RawPeer.Request(1, "Hear", "(string)->string", [], target: 7), RpcStatusCode.NotFound, "object 7" },
        { "truncated argument", RawPeer.Request(1, "Add", "(i32,i32)->i32", [1, 0, 0, 0, 2]), RpcStatusCode.InvalidArgument, "\"right\"" },
        { "trailing bytes", RawPeer.Request(1, "Add", "(i32,i32)->i32", [1, 0, 0, 0, 2, 0, 0, 0, 3]), RpcStatusCode.InvalidArgument, "1 bytes follow" },
        { "huge length", RawPeer.Request(1, "Hello", "(string)->string", [0xff, 0xff, 0xff, 0x7f]), RpcStatusCode.InvalidArgument, "\"name\"" },
        { "broken fields", RawPeer.Request(1, "Touch", "()->void", [], [2, 60]), RpcStatusCode.InvalidArgument, "TouchAsync" },
        { "streaming method on a lane", RawPeer.Request(1, "Count", "(i32)->stream<i32>", [1, 0, 0, 0]), RpcStatusCode.InvalidArgument, "stream" },
        { "head cut short", RawPeer.Frame(0, [1, 0, 1, 2, 3]), RpcStatusCode.InvalidArgument, "head" },
        { "frame over the lane's limit", RawPeer.Request(1, "Large", "(list<u8>,i32)->list<u8>", new byte[70_000]), RpcStatusCode.ResourceExhausted, "LargeAsync has more than the 65536 bytes" },
        { "frame over the lane's limit, of no method", RawPeer.Request(1, "Nothing", "()->void", new byte[70_000]), RpcStatusCode.ResourceExhausted, "65536" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public async Task Bad_request_costs_one_call(string what, byte[] request, RpcStatusCode status, string says)
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream lane = await peer.OpenLaneAsync(request, Good);
        (byte Type, byte[] Body)[] answers = [(await RawPeer.ReadAsync(lane))!.Value, (await RawPeer.ReadAsync(lane))!.Value];
        (byte Type, byte[] Body) failure = answers.Single(answer => answer.Type == (byte)FrameType.Failure);
        Assert.Equal((1, (byte)status), (failure.Body[0], failure.Body[1]));
        Assert.Contains(says, Encoding.UTF8.GetString(failure.Body), StringComparison.Ordinal);
        Assert.Contains(answers, answer => answer.Type == (byte)FrameType.Response && answer.Body[0] == 9);
        Assert.NotEmpty(what);
    }

    [Fact]
    public async Task Unknown_frames_and_fields_are_skipped()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        byte[] unknown = RawPeer.Frame(0x33, new byte[100_000]);
        byte[] request = RawPeer.Request(3, "Touch", "()->void", [], [55, 2, 1, 1]);
        PeerStream lane = await peer.OpenLaneAsync(unknown, request);
        Assert.Equal((byte)FrameType.Response, (await RawPeer.ReadAsync(lane))!.Value.Type);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 1, 4 })]
    [InlineData(new byte[] { 1, 0xff })]
    public async Task Broken_frame_costs_the_stream_and_not_the_connection(byte[] bytes)
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream lane = await peer.OpenLaneAsync(bytes);
        await AssertResetAsync(lane, ResetCode.BrokenFrame);
        Assert.Equal("Hello, you", await peer.Pair.Proxy.HelloAsync("you", Token).Soon());
    }

    [Theory]
    [InlineData(new byte[] { 2, 0 }, ResetCode.IncompatibleVersion)]
    [InlineData(new byte[] { 1, 9 }, ResetCode.UnknownStreamKind)]
    [InlineData(new byte[] { 1, 1, 2, 5, 0 }, ResetCode.BrokenFrame)]
    public async Task Stream_of_another_version_or_kind_is_reset(byte[] bytes, long code)
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream stream = await peer.OpenAsync();
        await stream.WriteAsync(bytes, Token).Soon();
        await AssertResetAsync(stream, code);
        Assert.Equal("Hello, you", await peer.Pair.Proxy.HelloAsync("you", Token).Soon());
    }

    [Fact]
    public async Task Request_over_the_limit_is_refused_before_it_is_sent_in_full()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream stream = await peer.OpenAsync();
        byte[] head = [1, 1, 0xc0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, .. RawPeer.Id("Large", "(list<u8>,i32)->list<u8>"), 0, .. new byte[32]];
        await stream.WriteAsync(head, Token).Soon();
        (byte type, byte[] body) = (await RawPeer.ReadAsync(stream))!.Value;
        Assert.Equal(((byte)FrameType.Failure, (byte)RpcStatusCode.ResourceExhausted), (type, body[1]));
        Assert.Contains("LargeAsync", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_ends_without_its_end_fails_the_handlers_enumeration()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream stream = await peer.OpenAsync();
        byte[] item = RawPeer.Frame((byte)FrameType.Item, [5, 0, 0, 0]);
        await stream.WriteAsync((byte[])[1, 1, .. RawPeer.Request(0, "Sum", "(stream<i32>)->i64", []), .. item], completeWrites: true, Token).Soon();
        (byte type, byte[] body) = (await RawPeer.ReadAsync(stream))!.Value;
        Assert.Equal(((byte)FrameType.Failure, (byte)RpcStatusCode.Unavailable), (type, body[1]));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(99_999)]
    [InlineData(100_001)]
    [InlineData(int.MaxValue)]
    public async Task Long_array_of_another_length_than_its_item_is_an_invalid_argument(int claimed)
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream stream = await peer.OpenAsync();
        await stream.WriteAsync((byte[])[1, 1, .. RawPeer.Request(0, "Repeat", "(stream<list<u8>>)->stream<list<u8>>", []), .. Item(100_000, 100_000)], Token).Soon();
        Assert.Equal((byte)FrameType.Response, (await RawPeer.ReadAsync(stream))!.Value.Type);
        Assert.Equal((byte)FrameType.Item, (await RawPeer.ReadAsync(stream))!.Value.Type);
        await stream.WriteAsync(Item(claimed, 100_000), Token).Soon();
        (byte type, byte[] body) = (await RawPeer.ReadAsync(stream))!.Value;
        Assert.Equal(((byte)FrameType.End, (byte)RpcStatusCode.InvalidArgument), (type, body[0]));

        static byte[] Item(int claimed, int length)
        {
            byte[] body = new byte[sizeof(int) + length];
            BinaryPrimitives.WriteInt32LittleEndian(body, claimed);
            return RawPeer.Frame((byte)FrameType.Item, body);
        }
    }

    [Fact]
    public async Task Item_that_does_not_decode_names_its_argument()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream stream = await peer.OpenAsync();
        byte[] item = RawPeer.Frame((byte)FrameType.Item, [5]);
        await stream.WriteAsync((byte[])[1, 1, .. RawPeer.Request(0, "Sum", "(stream<i32>)->i64", []), .. item], Token).Soon();
        (byte type, byte[] body) = (await RawPeer.ReadAsync(stream))!.Value;
        Assert.Equal(((byte)FrameType.Failure, (byte)RpcStatusCode.InvalidArgument), (type, body[1]));
        Assert.Contains("\"numbers\"", Encoding.UTF8.GetString(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channel_of_a_call_that_is_not_there_is_reset()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        Assert.Equal("Hello, you", await peer.Pair.Proxy.HelloAsync("you", Token).Soon());
        PeerStream channel = await peer.Connection.OpenUnidirectionalStreamAsync(TestContext.Current.CancellationToken).Soon();
        await channel.WriteAsync((byte[])[1, 3, 0, 1], Token).Soon();
        var error = await Assert.ThrowsAsync<PeerException>(() => channel.WritesClosed.Soon());
        Assert.Equal(ResetCode.UnknownCall, error.ErrorCode);
    }

    [Fact]
    public async Task Unknown_frame_before_the_request_of_a_call_stream_is_skipped()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream stream = await peer.OpenAsync();
        byte[] unknown = RawPeer.Frame(0x3f, [1, 2, 3]);
        await stream.WriteAsync((byte[])[1, 1, .. unknown, .. unknown, .. RawPeer.Request(0, "Touch", "()->void", [])], completeWrites: true, Token).Soon();
        (byte type, _) = (await RawPeer.ReadAsync(stream))!.Value;
        Assert.Equal((byte)FrameType.Response, type);
    }

    [Fact]
    public async Task Cancel_reaches_the_handler()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream lane = await peer.OpenLaneAsync(RawPeer.Request(1, "Hello", "(string)->string", [0xfb, 0xff, 0xff, 0xff, 4, 0, 0, 0, .. "wait"u8]));
        await peer.Pair.Service.Entered.Task.Soon();
        await lane.WriteAsync(RawPeer.Frame((byte)FrameType.Cancel, [1]), Token).Soon();
        (byte type, byte[] body) = (await RawPeer.ReadAsync(lane))!.Value;
        Assert.Equal(((byte)FrameType.Failure, (byte)RpcStatusCode.Cancelled), (type, body[1]));
    }

    [Fact]
    public async Task Lane_that_ends_cancels_its_handlers()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream lane = await peer.OpenLaneAsync(RawPeer.Request(1, "Hello", "(string)->string", [0xfb, 0xff, 0xff, 0xff, 4, 0, 0, 0, .. "wait"u8]));
        await peer.Pair.Service.Entered.Task.Soon();
        lane.AbortWrite(ResetCode.Cancelled);
        await peer.Pair.Service.Stopped.Task.Soon();
    }

    private static async Task AssertResetAsync(PeerStream stream, long code)
    {
        var error = await Assert.ThrowsAsync<PeerException>(async () =>
        {
            while (await RawPeer.ReadAsync(stream) is not null)
            {
                // Answers to what came before.
            }
        });
        Assert.Equal((PeerErrorKind.StreamAborted, code), (error.Kind, error.ErrorCode));
    }
}
