using System.Buffers.Binary;
using IrohRpc.Internal;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>What a peer can make this side hold is bounded, and costs others nothing.</summary>
public sealed class BudgetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Budget_takes_up_to_its_limit_and_one_message_when_it_is_empty()
    {
        var budget = new ByteBudget(100);
        Assert.True(budget.TryTake(1_000));
        Assert.False(budget.TryTake(1));
        budget.Return(1_000);
        Assert.True(budget.TryTake(60));
        Assert.False(budget.TryTake(60));
        Assert.True(budget.TryTake(40));
        budget.Take(50);
        Assert.True(budget.IsExceeded);
        budget.Return(150);
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void Connections_share_the_budget_of_their_endpoint_and_give_back_what_they_do_not_use()
    {
        var endpoint = new ByteBudget(1024 * 1024);
        var one = new ByteBudget(long.MaxValue / 4, endpoint);
        var other = new ByteBudget(long.MaxValue / 4, endpoint);
        Assert.True(one.TryTake(1));
        Assert.True(other.TryTake(1));
        Assert.True(one.TryTake(900_000));
        Assert.False(other.TryTake(900_000));

        // What is its own it gets, message by message, while the other holds all.
        Assert.True(other.TryTake(100_000));
        Assert.True(other.TryTake(100_000));
        Assert.False(other.TryTake(100_000));
        other.Return(200_000);
        one.Return(900_000);
        Assert.True(other.TryTake(700_000));
        one.Close();
        other.Close();
        Assert.Equal(0, endpoint.Used);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Parameters_with_streams_of_their_own_give_their_share_of_the_budget_back(bool endEarly)
    {
        await using Pair<ITwoStreams> pair = await Pair<ITwoStreams>.StartAsync(new TwoStreams());
        Assert.Equal(endEarly ? 1 : 20, await pair.Proxy.CountAsync(Chunks(), Chunks(), endEarly, Token).Soon());
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(RpcPair.Bound);
        while (pair.Server.Held.Used != 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        static async IAsyncEnumerable<byte[]> Chunks()
        {
            await Task.CompletedTask;
            for (int chunk = 0; chunk < 10; chunk++)
            {
                yield return new byte[4_000];
            }
        }
    }

    [Fact]
    public async Task Connections_of_one_endpoint_hold_no_more_together_than_its_option_says_and_each_has_a_share_of_its_own()
    {
        var network = new MemoryNetwork();
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [network.Transport], MaxBufferedBytes = 64L * 1024 * 1024 }, Token);
        var probe = new Probe();
        await using Router router = await server.Route().Map<IProbe>(probe).StartAsync(Token);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [network.Transport], ListenOn = [] }, Token);
        List<PeerClient<IProbe>> greedy = [];
        List<Task> calls = [];
        for (int connection = 0; connection < 4; connection++)
        {
            PeerClient<IProbe> one = await client.ConnectAsync<IProbe>(server.Ticket, cancellationToken: Token);
            greedy.Add(one);
            for (int call = 0; call < 10; call++)
            {
                calls.Add(one.Service.KeepAsync(new byte[3_000_000], Token).AsTask());
            }
        }

        // 120 MB in requests whose handlers wait: what fits is held, and whatever is more is refused.
        while (calls.Count(call => call.IsFaulted) + probe.Kept < calls.Count)
        {
            await Task.WhenAny(Task.Delay(1, Token), Task.WhenAny(calls.Where(call => !call.IsCompleted)));
        }

        Assert.InRange(probe.Kept, 5, 22);
        await using PeerClient<IProbe> modest = await client.ConnectAsync<IProbe>(server.Ticket, cancellationToken: Token);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => modest.Service.EchoAsync(new string('x', 2_000), Token).AsTask())), text => Assert.Equal(2_000, text.Length));
        probe.Gate.SetResult();
        foreach (PeerClient<IProbe> one in greedy)
        {
            await one.DisposeAsync();
        }

        foreach (Task call in calls)
        {
            await call.ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
        }
    }

    [Fact]
    public void Pool_gives_back_what_a_burst_left()
    {
        int made = 0;
        var pool = new Internal.Pool<BurstItem>(4096, () => new BurstItem(Interlocked.Increment(ref made)));
        BurstItem[] burst = [.. Enumerable.Range(0, 2_000).Select(_ => pool.Rent())];
        foreach (BurstItem item in burst)
        {
            pool.Return(item);
        }

        for (int collection = 0; collection < 20; collection++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        for (int rented = 0; rented < 2_000; rented++)
        {
            pool.Rent();
        }

        Assert.InRange(made, 3_000, 4_000);
    }

    [Fact]
    public async Task Budget_wakes_those_who_wait_for_room()
    {
        var budget = new ByteBudget(100);
        budget.Take(150);
        Task waiting = budget.WaitForRoomAsync(0, Token).AsTask();
        budget.Return(20);
        Assert.False(waiting.IsCompleted);
        budget.Return(30);
        await waiting.Soon();
    }

    [Fact]
    public async Task Large_responses_that_the_caller_does_not_take_hold_further_calls_back()
    {
        var gate = new OrderTests.WriteGate();
        await using RawProbe peer = await RawProbe.StartAsync(new ServiceOptions { MaxCallsInProgress = 8 }, connection => new UnidirectionalGate(connection, gate));
        gate.Close();
        PeerStream lane = await peer.OpenLaneAsync([.. Enumerable.Range(1, 60).Select(number => Blob((byte)number, 100_000))]);
        for (int refused = 0; refused < 52; refused++)
        {
            (byte type, byte[] body) = (await RawPeer.ReadAsync(lane))!.Value;
            Assert.Equal(((byte)FrameType.Failure, (byte)RpcStatusCode.ResourceExhausted), (type, body[1]));
        }

        // Refusals overtake the handlers that were started before.
        for (var waited = System.Diagnostics.Stopwatch.StartNew(); peer.Service.Produced < 8 && waited.Elapsed < TimeSpan.FromSeconds(20);)
        {
            await Task.Yield();
        }

        Assert.Equal(8, peer.Service.Produced);
        gate.Open();
    }

    [Fact]
    public async Task Responses_that_the_caller_does_not_take_are_held_up_to_the_budget()
    {
        var gate = new OrderTests.WriteGate();
        await using RawProbe peer = await RawProbe.StartAsync(new ServiceOptions { MaxBufferedBytes = 1 << 20 }, connection => new UnidirectionalGate(connection, gate));
        gate.Close();
        PeerStream lane = await peer.OpenLaneAsync([.. Enumerable.Range(1, 60).Select(number => Blob((byte)number, 100_000))]);
        for (int refused = 0; refused < 45; refused++)
        {
            (byte type, byte[] body) = (await RawPeer.ReadAsync(lane))!.Value;
            Assert.Equal(((byte)FrameType.Failure, (byte)RpcStatusCode.ResourceExhausted), (type, body[1]));
        }

        Assert.InRange(peer.Server.Held.Used, 0, (1 << 20) + 64 * 1024);
        gate.Open();
    }

    [Fact]
    public async Task Request_that_does_not_arrive_in_time_is_given_up()
    {
        var clock = new FakeTimeProvider();
        await using RawProbe peer = await RawProbe.StartAsync(new ServiceOptions { TimeProvider = clock });
        PeerStream stream = await peer.Connection.OpenBidirectionalStreamAsync(Token).Soon();
        byte[] request = RawPeer.Request(0, "Take", "(list<u8>)->void", new byte[50]);
        await stream.WriteAsync((byte[])[1, 1, .. request[..^10]], Token).Soon();
        Task<(byte Type, byte[] Body)?> reading = RawPeer.ReadAsync(stream);
        while (!reading.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<PeerException>(() => reading);
        Assert.Equal(ResetCode.LimitExceeded, error.ErrorCode);
    }

    [Fact]
    public async Task Notification_of_a_method_that_answers_runs_no_handler()
    {
        await using RawProbe peer = await RawProbe.StartAsync(new ServiceOptions());
        PeerStream lane = await peer.OpenLaneAsync(
            RawPeer.Request(0, "Hold", "()->string", [], type: FrameType.Notification), Blob(1, 1));
        Assert.Equal((byte)FrameType.Response, (await RawPeer.ReadAsync(lane))!.Value.Type);
        Assert.False(peer.Service.Entered.Task.IsCompleted);
        Assert.Equal(0, peer.Server.CallsInProgress);
    }

    [Fact]
    public async Task More_entries_of_metadata_than_allowed_are_refused()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var context = new CallContext();
        for (int entry = 0; entry < 200; entry++)
        {
            context.Metadata.Add("k", "");
        }

        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.TakeAsync([], context, Token).Soon());
        Assert.Equal((RpcStatusCode.ResourceExhausted, true), (error.StatusCode, error.IsNotStarted));
        Assert.Contains("MaxMetadataEntries", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_over_the_limit_is_not_sent()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var context = new CallContext { Metadata = new Metadata { { "k", new string('x', 20_000) } } };
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.TakeAsync([], context, Token).Soon());
        Assert.Equal((RpcStatusCode.ResourceExhausted, true), (error.StatusCode, error.IsNotStarted));
        Assert.Contains("MaxFieldBytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channels_of_calls_that_never_come_are_bounded()
    {
        await using RawProbe peer = await RawProbe.StartAsync(new ServiceOptions());
        int reset = 0;
        for (int number = 0; number < 300; number++)
        {
            await using PeerStream stream = await peer.Connection.OpenUnidirectionalStreamAsync(Token).Soon();
            byte[] channel = new byte[10];
            channel[0] = 1;
            channel[1] = (byte)StreamKind.Channel;
            int length = 2 + VarInt.Write(channel.AsSpan(2), 4000 + (4L * number));
            length += VarInt.Write(channel.AsSpan(length), 0);
            await stream.WriteAsync(channel.AsMemory(0, length), Token).Soon();
        }

        // They are taken in one after the other; a call behind them shows that all are.
        PeerStream lane = await peer.OpenLaneAsync(Blob(1, 1));
        Assert.NotNull(await RawPeer.ReadAsync(lane));
        Assert.InRange(peer.Server.Channels.Count, 0, 257);
        Assert.Equal(0, reset);
    }

    [Theory]
    [InlineData("MessageLimit", 1023)]
    [InlineData("MaxCallsInProgress", 0)]
    [InlineData("MaxCallsInProgress", int.MaxValue)]
    [InlineData("MaxFieldBytes", int.MaxValue)]
    [InlineData("MaxObjects", int.MaxValue)]
    [InlineData("MaxUnsentBytes", int.MaxValue)]
    [InlineData("MaxUnsentOneWayBytes", int.MaxValue)]
    [InlineData("MaxBufferedBytes", 1)]
    [InlineData("MaxMetadataEntries", int.MaxValue)]
    public void Option_out_of_range_is_refused_when_it_is_set(string name, int value)
    {
        var error = Assert.Throws<System.Reflection.TargetInvocationException>(() => typeof(RpcOptions).GetProperty(name)!.SetValue(new ServiceOptions(), value));
        Assert.Contains(name, Assert.IsType<ArgumentOutOfRangeException>(error.InnerException).Message, StringComparison.Ordinal);
    }

    public static TheoryData<Type> OptionTypes => [typeof(ServiceOptions), typeof(ClientOptions), typeof(PeerChannelOptions), typeof(PeerEndpointOptions), typeof(IrohRpc.Transports.TransportSettings), typeof(ConnectionLimits)];

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void Every_number_and_duration_has_bounds(Type options)
    {
        // What may be without end, and says so.
        string[] endless = ["MessageLimit", "MaxBufferedBytes", "WaitForReady", "Timeout", "MaxConnections", "MaxConnectionsPerAddress", "MaxConnectionsPerPeer", "MaxHandshakes", "MaxHandshakesPerAddress"];
        object instance = options == typeof(IrohRpc.Transports.TransportSettings)
            ? System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(options) : Activator.CreateInstance(options)!;
        int seen = 0;
        foreach (System.Reflection.PropertyInfo property in options.GetProperties().Where(property => property.CanWrite))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            object? least = type == typeof(int) ? int.MinValue : type == typeof(long) ? long.MinValue : type == typeof(TimeSpan) ? TimeSpan.MinValue : null;
            object? most = type == typeof(int) ? int.MaxValue : type == typeof(long) ? long.MaxValue : type == typeof(TimeSpan) ? TimeSpan.MaxValue : null;
            if (least is null)
            {
                continue;
            }

            seen++;
            AssertRefused(property, least);
            if (!endless.Contains(property.Name))
            {
                AssertRefused(property, most!);
            }
        }

        Assert.NotEqual(0, seen);

        void AssertRefused(System.Reflection.PropertyInfo property, object value)
        {
            Exception? thrown = Record.Exception(() => property.SetValue(instance, value));
            Assert.True(thrown?.InnerException is ArgumentOutOfRangeException, $"{options.Name}.{property.Name} takes {value}.");
        }
    }

    [Fact]
    public void Wait_without_end_may_be_asked_for_in_either_way()
    {
        Assert.Equal(TimeSpan.MaxValue, new ClientOptions { WaitForReady = Timeout.InfiniteTimeSpan }.WaitForReady);
        Assert.Equal(TimeSpan.MaxValue, new ClientOptions { WaitForReady = TimeSpan.MaxValue }.WaitForReady);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceOptions { RequestTimeout = TimeSpan.MaxValue });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceOptions { CloseTimeout = TimeSpan.MaxValue });
    }

    private sealed record BurstItem(int Number);

    private static byte[] Blob(byte call, int length)
    {
        byte[] arguments = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(arguments, length);
        return RawPeer.Request(call, "Blob", "(i32)->list<u8>", arguments);
    }

    /// <summary>A peer that speaks in bytes to the service of a probe.</summary>
    private sealed class RawProbe(Pair<IProbe> pair, Probe service, PeerConnection dialled) : IAsyncDisposable
    {
        public Probe Service => service;

        public PeerRpcConnection Server => pair.Server;

        public PeerConnection Connection => dialled;

        public static async Task<RawProbe> StartAsync(ServiceOptions options, Func<PeerConnection, PeerConnection>? wrapServer = null)
        {
            var service = new Probe();
            PeerConnection? dialled = null;
            Pair<IProbe> pair = await Pair<IProbe>.StartAsync(service, options, wrapServer: wrapServer, wrapClient: connection => dialled = connection);
            return new RawProbe(pair, service, dialled!);
        }

        public async Task<PeerStream> OpenLaneAsync(params byte[][] frames)
        {
            PeerStream stream = await dialled.OpenBidirectionalStreamAsync(Token).Soon();
            await stream.WriteAsync((byte[])[1, 0, .. frames.SelectMany(frame => frame)], Token).Soon();
            return stream;
        }

        public ValueTask DisposeAsync() => pair.DisposeAsync();
    }

    /// <summary>Lets no unidirectional stream be opened while the gate is closed, as a peer that grants none.</summary>
    private sealed class UnidirectionalGate(PeerConnection inner, OrderTests.WriteGate gate) : DelegatingConnection(inner)
    {
        public override async ValueTask<PeerStream> OpenUnidirectionalStreamAsync(CancellationToken cancellationToken = default)
        {
            await gate.Opened.WaitAsync(cancellationToken);
            return await base.OpenUnidirectionalStreamAsync(cancellationToken);
        }
    }
}

/// <summary>A contract with a method that has two streams.</summary>
[Alpn("twostreams/1")]
public partial interface ITwoStreams
{
    ValueTask<int> CountAsync(IAsyncEnumerable<byte[]> one, IAsyncEnumerable<byte[]> other, bool endEarly, CancellationToken cancellationToken = default);
}

/// <summary>Counts what it gets, or ends after the first.</summary>
internal sealed class TwoStreams : ITwoStreams
{
    public async ValueTask<int> CountAsync(IAsyncEnumerable<byte[]> one, IAsyncEnumerable<byte[]> other, bool endEarly, CancellationToken cancellationToken)
    {
        int count = 0;
        await foreach (byte[] _ in one)
        {
            count++;
            if (endEarly)
            {
                return count;
            }
        }

        await foreach (byte[] _ in other)
        {
            count++;
        }

        return count;
    }
}
