using System.Buffers.Binary;
using IrohRpc.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>A caller that misuses a lane harms that lane, or its own calls, and nobody else.</summary>
public sealed class HostileLaneTests
{
    // 2^62 - 1, the largest that a varint can say.
    private static readonly byte[] LargestNumber = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Number_that_is_used_again_too_early_cancels_the_calls_of_its_lane_and_no_others()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream other = await peer.OpenLaneAsync(Wait(1));
        await peer.Pair.Service.Entered.Task.Soon();
        PeerStream lane = await peer.OpenLaneAsync(Wait(1));
        while (Volatile.Read(ref peer.Pair.Service.Running) < 2)
        {
            await Task.Yield();
        }

        await lane.WriteAsync(Wait(1), Token).Soon();
        await AssertResetAsync(lane);
        await peer.Pair.Service.Stopped.Task.Soon();
        await other.WriteAsync(Touch(2), Token).Soon();
        Assert.Equal(2, (await AnswerAsync(other)).Body[0]);
        peer.Pair.Service.Gate.SetResult();
        (FrameType type, byte[] body) = await AnswerAsync(other);
        Assert.Equal((FrameType.Response, (byte)1), (type, body[0]));
    }

    [Fact]
    public async Task Largest_number_is_answered_like_any_other()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream lane = await peer.OpenLaneAsync(RawPeer.Frame((byte)FrameType.Request, [.. LargestNumber, 0, .. RawPeer.Id("Touch", "()->void"), 0]));
        (FrameType type, byte[] body) = await AnswerAsync(lane);
        Assert.Equal(FrameType.Response, type);
        Assert.Equal(LargestNumber, body[..LargestNumber.Length]);
    }

    [Fact]
    public async Task Cancels_and_releases_of_what_is_not_there_are_ignored()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream lane = await peer.OpenLaneAsync(
            RawPeer.Frame((byte)FrameType.Cancel, [5]),
            RawPeer.Frame((byte)FrameType.Cancel, LargestNumber),
            RawPeer.Frame((byte)FrameType.Release, [7, 1]),
            RawPeer.Frame((byte)FrameType.Release, [.. LargestNumber, .. LargestNumber]),
            RawPeer.Frame((byte)FrameType.Response, [1, 0]),
            RawPeer.Frame((byte)FrameType.GoAway, []),
            Touch(5));
        (FrameType type, byte[] body) = await AnswerAsync(lane);
        Assert.Equal((FrameType.Response, (byte)5), (type, body[0]));
    }

    [Theory]
    [InlineData((byte)FrameType.Request)]
    [InlineData((byte)FrameType.Notification)]
    [InlineData((byte)FrameType.Cancel)]
    [InlineData((byte)FrameType.Release)]
    public async Task Frame_without_a_number_costs_the_lane(byte type)
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        PeerStream lane = await peer.OpenLaneAsync(RawPeer.Frame(type, []));
        await AssertResetAsync(lane);
        Assert.Equal("Hello, you", await peer.Pair.Proxy.HelloAsync("you", Token).Soon());
    }

    [Fact]
    public async Task Peer_has_no_more_lanes_at_once_than_it_may()
    {
        await using RawPeer peer = await RawPeer.StartAsync();
        byte[] touch = RawPeer.Request(1, "Touch", "()->void", []);
        List<PeerStream> lanes = [];
        for (int number = 0; number < WireFormat.MostLanes; number++)
        {
            PeerStream lane = await peer.OpenLaneAsync(touch);
            Assert.Equal((byte)FrameType.Response, (await RawPeer.ReadAsync(lane))!.Value.Type);
            lanes.Add(lane);
        }

        PeerStream more = await peer.OpenLaneAsync(touch);
        var error = await Assert.ThrowsAsync<PeerException>(() => RawPeer.ReadAsync(more));
        Assert.Equal(ResetCode.LimitExceeded, error.ErrorCode);
        lanes[0].CompleteWrites();
        Assert.Null(await RawPeer.ReadAsync(lanes[0]));
        await lanes[1].WriteAsync(touch, Token).Soon();
        Assert.Equal((byte)FrameType.Response, (await RawPeer.ReadAsync(lanes[1]))!.Value.Type);
    }

    [Fact]
    public async Task Calls_over_the_limit_are_refused_and_their_numbers_are_free_again()
    {
        await using RawPeer peer = await RawPeer.StartAsync(new ServiceOptions { MaxCallsInProgress = 2 });
        PeerStream lane = await peer.OpenLaneAsync(Wait(1), Wait(2), Wait(3), Touch(3));
        for (int refusal = 0; refusal < 2; refusal++)
        {
            (FrameType type, byte[] body) = await AnswerAsync(lane);
            Assert.Equal((FrameType.Failure, (byte)3, (byte)RpcStatusCode.ResourceExhausted), (type, body[0], body[1]));
        }

        peer.Pair.Service.Gate.SetResult();
        byte[] answered = [(await AnswerAsync(lane)).Body[0], (await AnswerAsync(lane)).Body[0]];
        Assert.Equal([1, 2], answered.Order().ToArray());
        await lane.WriteAsync(Touch(3), Token).Soon();
        Assert.Equal(FrameType.Response, (await AnswerAsync(lane)).Type);
    }

    [Fact]
    public async Task One_way_calls_over_the_limit_wait_and_none_is_lost()
    {
        await using RawPeer peer = await RawPeer.StartAsync(new ServiceOptions { MaxCallsInProgress = 1 });
        PeerStream lane = await peer.OpenLaneAsync(Wait(1));
        await peer.Pair.Service.Entered.Task.Soon();
        byte[] note = RawPeer.Request(0, "Note", "(string)->oneway", Text("too many"), type: FrameType.Notification);
        await lane.WriteAsync((byte[])[.. note, .. note, .. note, .. Touch(2)], Token).Soon();
        peer.Pair.Service.Gate.SetResult();
        Assert.Equal(1, (await AnswerAsync(lane)).Body[0]);
        Assert.Equal(2, (await AnswerAsync(lane)).Body[0]);
        for (int arrived = 0; arrived < 3; arrived++)
        {
            await peer.Pair.Service.Noted.WaitAsync(Token).Soon();
        }
    }

    [Fact]
    public async Task Peer_that_uses_its_calls_up_takes_none_from_another_peer()
    {
        var network = new MemoryNetwork();
        var service = new Workshop();
        await using PeerEndpoint server = await BindAsync(network);
        await using Router router = await server.Route().Map<IWorkshop>(service, new ServiceOptions { MaxCallsInProgress = 4 }).StartAsync(Token);
        await using PeerEndpoint hostile = await BindAsync(network);
        await using PeerConnection connection = await hostile.DialAsync(server.Ticket.Address, ["workshop/2"], Token).AsTask().WaitAsync(RpcPair.Bound, Token);
        await using PeerStream lane = await connection.OpenBidirectionalStreamAsync(Token).Soon();
        await lane.WriteAsync((byte[])[1, 0, .. Wait(1), .. Wait(2), .. Wait(3), .. Wait(4), .. Wait(5)], Token).Soon();
        Assert.Equal((byte)RpcStatusCode.ResourceExhausted, (await AnswerAsync(lane)).Body[1]);

        await using PeerEndpoint good = await BindAsync(network);
        IWorkshop proxy = good.Connect<IWorkshop>(server.Ticket);
        Assert.Equal("Hello, you", await proxy.HelloAsync("you", Token).Soon());
        service.Gate.SetResult();
    }

    [Fact]
    public async Task Caller_that_does_not_read_its_answers_is_not_read_either()
    {
        const int calls = 200;
        const int answer = 16_000;
        const int mostHeld = 64 * 1024;
        await using RawPeer peer = await RawPeer.StartAsync(new ServiceOptions { MaxUnsentBytes = mostHeld });
        PeerStream lane = await peer.OpenLaneAsync();
        Task flood = FloodAsync();
        int before;
        do
        {
            before = Volatile.Read(ref peer.Pair.Service.Produced);
            for (int call = 0; call < 20; call++)
            {
                Assert.Equal("yielded", await peer.Pair.Proxy.HelloAsync("yield", Token).Soon());
            }
        }
        while (before == 0 || Volatile.Read(ref peer.Pair.Service.Produced) != before);

        // What the transport takes and what may wait is far less than all of it.
        Assert.InRange(before, 1, calls / 2);
        for (int read = 0; read < calls; read++)
        {
            Assert.Equal(FrameType.Response, (await AnswerAsync(lane)).Type);
        }

        await flood.Soon();

        async Task FloodAsync()
        {
            for (int call = 0; call < calls; call++)
            {
                // One after the other, so that what has been read and not run yet, which the limit on calls bounds, does not count.
                await lane.WriteAsync(Large(call, argument: 8_000, answer), Token);
                while (Volatile.Read(ref peer.Pair.Service.Produced) <= call)
                {
                    await Task.Yield();
                }
            }
        }
    }

    private static async Task<PeerEndpoint> BindAsync(MemoryNetwork network)
        => await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [network.Transport] }, Token);

    private static byte[] Touch(byte call) => RawPeer.Request(call, "Touch", "()->void", []);

    private static byte[] Wait(byte call) => RawPeer.Request(call, "Hello", "(string)->string", Text("wait"));

    private static byte[] Large(int call, int argument, int answer)
    {
        byte[] arguments = new byte[4 + argument + 4];
        BinaryPrimitives.WriteInt32LittleEndian(arguments, argument);
        BinaryPrimitives.WriteInt32LittleEndian(arguments.AsSpan(4 + argument), answer);
        Span<byte> number = stackalloc byte[VarInt.MaxLength];
        return RawPeer.Frame(
            (byte)FrameType.Request, [.. number[..VarInt.Write(number, call)], 0, .. RawPeer.Id("Large", "(list<u8>,i32)->list<u8>"), 0, .. arguments]);
    }

    /// <summary>A string as MemoryPack writes one.</summary>
    private static byte[] Text(string text)
    {
        byte[] bytes = new byte[8 + text.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, ~text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), text.Length);
        System.Text.Encoding.ASCII.GetBytes(text, bytes.AsSpan(8));
        return bytes;
    }

    private static async Task<(FrameType Type, byte[] Body)> AnswerAsync(PeerStream lane)
    {
        (byte type, byte[] body) = (await RawPeer.ReadAsync(lane))!.Value;
        return ((FrameType)type, body);
    }

    private static async Task AssertResetAsync(PeerStream lane)
    {
        var error = await Assert.ThrowsAsync<PeerException>(() => RawPeer.ReadAsync(lane));
        Assert.Equal((PeerErrorKind.StreamAborted, ResetCode.BrokenFrame), (error.Kind, error.ErrorCode));
    }
}
