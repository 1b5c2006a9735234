using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;
using IrohRpc.Transports;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>How a call begins: what the peer allows, a connection that leaves meanwhile, a caller that has given up or changes its mind.</summary>
[Collection<RunsAlone>]
public sealed class StartingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(EachTransport.Rows), MemberType = typeof(EachTransport))]
    public async Task First_unary_call_is_answered_behind_as_many_subscriptions_as_the_peer_allows(string transport)
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe(), on: transport, server: new() { BidirectionalStreams = 8 });
        using var stop = new CancellationTokenSource();
        Task[] subscriptions = [.. Enumerable.Range(0, 20).Select(async _ => await pair.Proxy.ItemsAsync(-1, stop.Token).CountAsync(stop.Token))];
        Assert.Equal("first", await pair.Proxy.EchoAsync("first", Token).Soon());
        await stop.CancelAsync();
        foreach (Task subscription in subscriptions)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subscription.Soon());
        }
    }

    [Theory]
    [MemberData(nameof(EachTransport.Rows), MemberType = typeof(EachTransport))]
    public async Task Connection_that_ends_while_a_lane_waits_for_a_stream_fails_nothing_unseen(string transport)
    {
        // LeftBehind sees, after all tests, tasks that failed and that nobody observed.
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe(), on: transport, server: new() { BidirectionalStreams = 0 });
        using var stop = new CancellationTokenSource();
        Task<string> call = pair.Proxy.EchoAsync("never", stop.Token).AsTask();
        pair.Proxy.Note(1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        await pair.Client.Connection.CloseAsync(0, cancellationToken: Token).Soon();
        await pair.Client.Completion.Soon();
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public async Task Stream_that_never_makes_its_reader_wait_keeps_no_other_from_being_accepted()
    {
        // The first stream's reads complete at once, for as long as the test lasts.
        var gate = new TaskCompletionSource();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe(), wrapServer: connection => new EagerConnection(connection, gate.Task));
        await using PeerStream eager = await pair.Client.Connection.OpenBidirectionalStreamAsync(Token).Soon();
        await eager.WriteAsync((byte[])[1, 0], Token).Soon();
        Assert.Equal("second", await pair.Proxy.EchoAsync("second", Token).Soon());
        gate.SetResult();
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("items")]
    public async Task Call_that_takes_a_stream_while_the_peer_leaves_is_not_started(string shape)
    {
        var gate = new OrderTests.WriteGate();
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe(), wrapClient: connection => new HeldOpening(connection, gate, waits));
        await pair.Proxy.EchoAsync("before", Token).Soon();
        gate.Close();
        Task call = shape == "unary" ? pair.Proxy.TakeAsync(new byte[50_000], null, Token).AsTask() : pair.Proxy.ItemsAsync(3, Token).CountAsync(Token).AsTask();
        await waits.Task.Soon();
        Task drained = pair.Server.DrainAsync();
        await pair.Server.Stopping.WhenFired().Soon();
        gate.Open();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.Soon());
        Assert.Equal((RpcStatusCode.Unavailable, true), (error.StatusCode, error.IsNotStarted));
        await drained.Soon();
    }

    [Fact]
    public async Task Drain_ends_when_the_last_response_has_left_and_not_when_the_last_handler_has_ended()
    {
        var gate = new OrderTests.WriteGate();
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, wrapServer: connection => new OrderTests.GatedConnection(connection, gate, accepted: true));
        await pair.Proxy.EchoAsync("before", Token).Soon();
        gate.Close();
        Task<byte[]>[] calls = [.. Enumerable.Range(0, 60).Select(_ => pair.Proxy.BlobAsync(16_000, Token).AsTask())];
        while (Volatile.Read(ref probe.Produced) < calls.Length || pair.Server.CallsInProgress > 0)
        {
            await Task.Yield();
        }

        Task drained = pair.Server.DrainAsync();
        await pair.Server.Stopping.WhenFired().Soon();
        Assert.DoesNotContain(calls, call => call.IsCompleted);
        gate.Open();
        Assert.All(await Task.WhenAll(calls).Soon(), blob => Assert.Equal(16_000, blob.Length));
        await drained.Soon();
    }

    [Fact]
    public async Task Metadata_of_a_call_is_what_it_was_when_the_call_was_made()
    {
        // The call waits for its peer, and its caller uses the metadata for something else meanwhile.
        var network = new MemoryNetwork();
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [network.Transport] }, Token);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [network.Transport], ListenOn = [] }, Token);
        IProbe proxy = client.Connect<IProbe>(server.Ticket, new ClientOptions { WaitForReady = TimeSpan.MaxValue });
        var context = new CallContext { Metadata = new Metadata { { "k", "first" } } };
        Task<bool> call = proxy.ContextAsync(context, Token).AsTask();
        context.Metadata["k"] = "second";
        string? seen = null;
        await using Router router = await server.Route().Map<IProbe>(new Probe
        {
            Look = received =>
            {
                seen = received!.Metadata["k"];
                return true;
            },
        }).StartAsync(Token);
        Assert.True(await call.Soon());
        Assert.Equal("first", seen);
    }

    [Theory]
    [InlineData("permission")]
    [InlineData("other")]
    public async Task Factory_that_throws_says_what_it_threw_to_programs_and_nothing_of_itself(string how)
    {
        var network = new MemoryNetwork();
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [network.Transport] }, Token);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [network.Transport], ListenOn = [] }, Token);
        await using Router router = await server.Route()
            .Map<IProbe>(_ => throw (how == "permission" ? new RpcException(RpcStatusCode.PermissionDenied, "Not you.") : new InvalidOperationException("connection string")))
            .StartAsync(Token);
        var error = await Assert.ThrowsAsync<RpcException>(() => client.Connect<IProbe>(server.Ticket).EchoAsync("x", Token).Soon());
        Assert.Equal((how == "permission" ? RpcStatusCode.PermissionDenied : RpcStatusCode.Unavailable, true), (error.StatusCode, error.IsNotStarted));
        Assert.DoesNotContain("connection string", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("may have run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_that_was_given_up_leaves_nothing_of_its_arguments_with_the_caller()
    {
        // The service never answers, and does not hear that nobody waits either.
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        using var stop = new CancellationTokenSource();
        Start();
        while (Volatile.Read(ref probe.Kept) < 100)
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        WeakReference[] calls = CallsOf(pair.Client);
        Assert.Equal(100, calls.Length);
        await stop.CancelAsync();
        while (calls.Count(one => one.IsAlive) > 8)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        probe.Gate.SetResult();

        void Start()
        {
            for (int call = 0; call < 100; call++)
            {
                _ = pair.Proxy.KeepAsync(new byte[8_000], stop.Token).AsTask().ContinueWith(static ended => ended.Exception, TaskScheduler.Default);
            }
        }
    }

    // What the lane remembers of its calls holds their arguments.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] CallsOf(PeerRpcConnection connection)
        => [.. CallsOf(CallsOf(LanesOf(OutboundOf(connection)).Current!)).OfType<OutgoingCall>().Select(static call => new WeakReference(call))];

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_outbound")]
    private static extern ref OutboundCalls OutboundOf(PeerRpcConnection connection);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lanes")]
    private static extern ref OwnLanes LanesOf(OutboundCalls calls);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_calls")]
    private static extern ref UnansweredCalls CallsOf(ClientLane lane);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_calls")]
    private static extern ref OutgoingCall?[] CallsOf(UnansweredCalls calls);

    [Theory]
    [InlineData("io")]
    [InlineData("argument")]
    [InlineData("cancelled")]
    [InlineData("null")]
    public async Task Transport_whose_dial_throws_anything_hangs_no_call(string what)
    {
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [new BrokenTransport(what)], ListenOn = [] }, Token);
        using SecretKey key = SecretKey.Generate();
        IProbe proxy = client.Connect<IProbe>(new EndpointAddress(key.Id, [TransportAddress.Ip(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 9))]));
        for (int call = 0; call < 3; call++)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => proxy.EchoAsync("x", Token).Soon());
            Assert.Equal((RpcStatusCode.Unavailable, true), (error.StatusCode, error.IsNotStarted));
        }
    }

    [Fact]
    public async Task Handlers_that_throw_fill_no_log()
    {
        var clock = new FakeTimeProvider();
        using var logs = new LogCollector();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe(), new ServiceOptions { LoggerFactory = logs, TimeProvider = clock });
        for (int call = 0; call < 250; call++)
        {
            await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync("other", Token).Soon());
        }

        Assert.Equal(100, logs.Lines.Count(line => line.Exception is InvalidOperationException));
        clock.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.FailAsync("other", Token).Soon());
        Assert.Contains(logs.Lines, line => line.Message.Contains("150 times more", StringComparison.Ordinal));
    }

    [Fact]
    public void Numbers_of_objects_tell_nobody_how_many_there_are()
    {
        long[] numbers = [.. Enumerable.Range(0, 100_000).Select(_ => Calls.ObjectNumbers.Next())];
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.InRange(number, 1, 1L << 30));
        int ascending = numbers.Zip(numbers.Skip(1)).Count(pair => pair.Second > pair.First);
        Assert.InRange(ascending, 40_000, 60_000);
    }

    private sealed class EagerConnection(PeerConnection inner, Task end) : DelegatingConnection(inner)
    {
        private int _accepted;

        protected override PeerStream Accepted(PeerStream stream) => Interlocked.Increment(ref _accepted) == 1 ? new EagerStream(stream, end) : stream;

        // A lane full of frames that nobody knows.
        private sealed class EagerStream(PeerStream inner, Task end) : DelegatingStream(inner)
        {
            private bool _isInside;

            public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
            {
                if (!_isInside)
                {
                    int read = await base.ReadAsync(buffer[..2], cancellationToken);
                    _isInside = read == 2;
                    return read;
                }

                if (end.IsCompleted)
                {
                    return 0;
                }

                (buffer.Span[0], buffer.Span[1]) = (1, 0x3f);
                return 2;
            }
        }
    }

    private sealed class HeldOpening(PeerConnection inner, OrderTests.WriteGate gate, TaskCompletionSource waits) : DelegatingConnection(inner)
    {
        public override async ValueTask<PeerStream> OpenBidirectionalStreamAsync(CancellationToken cancellationToken = default)
        {
            PeerStream stream = await base.OpenBidirectionalStreamAsync(cancellationToken);
            if (!gate.Opened.IsCompleted)
            {
                waits.TrySetResult();
                await gate.Opened;
            }

            return stream;
        }
    }

    private sealed class BrokenTransport(string what) : ITransport
    {
        public string Name => "broken";

        public string? UnsupportedReason => null;

        public bool CanDial(TransportAddress address) => true;

        public ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken) => what switch
        {
            "io" => throw new IOException("A transport's."),
            "argument" => ValueTask.FromException<PeerConnection>(new ArgumentException("A transport's.")),
            "cancelled" => throw new OperationCanceledException("A transport's."),
            _ => ValueTask.FromResult<PeerConnection>(null!),
        };

        public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

internal static class TokenWaiting
{
    /// <summary>Completes when the token fires.</summary>
    public static async Task WhenFired(this CancellationToken cancellationToken)
    {
        var fired = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = cancellationToken.Register(() => fired.TrySetResult());
        await fired.Task;
    }
}
