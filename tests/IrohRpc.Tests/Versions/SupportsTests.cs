using Clocks.Third;
using IrohRpc.Transports;
using NSubstitute;

namespace IrohRpc.Tests.Versions;

/// <summary>What a caller can know of its peer's version, and that what is too young never leaves.</summary>
public sealed class SupportsTests : IAsyncLifetime
{
    private readonly CountingTransport _transport;
    private readonly RestartingPeer _peer;
    private PeerEndpoint _client = null!;

    public SupportsTests()
    {
        ITransport network = new MemoryNetwork().Transport;
        _transport = new CountingTransport(network);
        _peer = new RestartingPeer(network);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
        => _client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_transport], ListenOn = [] }, Token);

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync().Soon();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Lazy_proxy_knows_before_it_dials_only_what_all_versions_have()
    {
        await _peer.StartAsync(ClockBuild.Third.Map);
        IClock clock = _client.Connect<IClock>(_peer.Ticket);

        Assert.Null(clock.GetAlpn());
        Assert.True(clock.Supports(IClock.Methods.AddAsync));
        Assert.False(clock.Supports(IClock.Methods.MultiplyAsync));
        Assert.True(await clock.SupportsAsync(IClock.Methods.AddAsync, Token).Soon());
        Assert.Equal(0, _transport.Dials);

        Assert.True(await clock.SupportsAsync(IClock.Methods.MultiplyAsync, Token).Soon());
        Assert.Equal((1, "clock/10"), (_transport.Dials, clock.GetAlpn()));
        Assert.True(clock.Supports(IClock.Methods.MultiplyAsync));
        Assert.Equal(0, _transport.OpenedStreams);
    }

    [Fact]
    public async Task Asking_a_peer_that_is_not_there_fails_as_a_call_would()
    {
        await _peer.StartAsync(ClockBuild.Third.Map);
        IClock clock = _client.Connect<IClock>(_peer.Ticket);
        await _peer.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => clock.SupportsAsync(IClock.Methods.MultiplyAsync, Token).Soon());
        Assert.Equal((RpcStatusCode.Unavailable, true, "IClock.MultiplyAsync"), (error.StatusCode, error.IsNotStarted, error.Method));
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => clock.SupportsAsync(IClock.Methods.MultiplyAsync, given.Token).Soon());
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("items")]
    [InlineData("upload")]
    [InlineData("bytes")]
    [InlineData("one-way")]
    public async Task Too_young_a_method_fails_at_the_caller_and_nothing_is_sent(string shape)
    {
        await _peer.StartAsync(ClockBuild.First.Map);
        await using PeerClient<IClock> client = await _client.ConnectAsync<IClock>(_peer.Ticket, cancellationToken: Token).Soon();
        IClock clock = client.Service;

        if (shape == "one-way")
        {
            clock.Wind(1);
        }
        else
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => (shape switch
            {
                "unary" => clock.MultiplyAsync(1, 2, Token).AsTask(),
                "items" => clock.TicksAsync(1, null, Token).ToListAsync(Token).AsTask(),
                "upload" => clock.SumAsync(AsyncEnumerable.Range(0, 3), Token).AsTask(),
                _ => (Task)clock.ReadAsync(Token).AsTask(),
            }).Soon());
            Assert.Equal((RpcStatusCode.Unimplemented, true), (error.StatusCode, error.IsNotStarted));
            string since = shape == "items" ? "clock/9" : "clock/10";
            Assert.EndsWith($" came with \"{since}\"; the connection agreed on \"clock/8\".", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(0, _transport.OpenedStreams);
        Assert.Equal(3, await clock.AddAsync(1, 2, Token).Soon());
        Assert.Equal(1, _transport.OpenedStreams);
    }

    [Theory]
    [InlineData("clock/8")]
    [InlineData("clock/9")]
    [InlineData("clock/10")]
    public async Task Handlers_of_every_form_of_service_see_the_version_that_they_are_called_under(string alpn)
    {
        foreach (string form in new[] { "one object", "object for a connection", "object for a call" })
        {
            string? seen = null;
            await _peer.StartAsync(router => form switch
            {
                "one object" => router.Map<IClock>(new ThirdClock()),
                "object for a connection" => router.Map<IClock>(rpc =>
                {
                    seen = rpc.Alpn;
                    return new ThirdClock();
                }),
                _ => router.MapPerCall<IClock>(context =>
                {
                    seen = context.Alpn;
                    return new ThirdClock();
                }),
            });
            ClockCaller clock = ClockBuild.Of(int.Parse(alpn.AsSpan(6), System.Globalization.CultureInfo.InvariantCulture)).Connect(_client, _peer.Ticket);

            Assert.Equal(alpn, await clock.VersionAsync(new CallContext(), Token).Soon());
            if (clock.TicksAsync is not null)
            {
                Assert.Equal([$"0 {alpn}"], await clock.TicksAsync(1, new CallContext(), Token).ToListAsync(Token).Soon());
            }

            Assert.Equal(form == "one object" ? null : alpn, seen);
            await _peer.StopAsync();
        }
    }

    [Fact]
    public async Task Peer_that_answers_too_young_a_call_all_the_same_refuses_it()
    {
        // A caller of another make may not look before it calls: the service does, too.
        await _peer.StartAsync(router => router.Map<IClock>(new ThirdClock()));
        PeerConnection connection = await _client.DialAsync(_peer.Ticket, "clock/8", Token).Soon();
        RpcConnection rpc = PeerRpcConnection.Start(connection, default(ServiceBinding), new ClientOptions());
        await using (rpc)
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => rpc.GetProxy<IUnversionedClock>().MultiplyAsync(6, 7, Token).Soon());
            Assert.Equal((RpcStatusCode.Unimplemented, true), (error.StatusCode, error.IsNotStarted));
            Assert.Equal("IClock.MultiplyAsync came with \"clock/10\"; the connection agreed on \"clock/8\".", error.Message);
        }
    }

    [Fact]
    public async Task Objects_by_hand_and_mocks_have_every_method()
    {
        foreach (IClock clock in new[] { new ThirdClock(), Substitute.For<IClock>() })
        {
            Assert.True(clock.Supports(IClock.Methods.MultiplyAsync));
            Assert.True(await clock.SupportsAsync(IClock.Methods.MultiplyAsync, Token));
            Assert.Null(clock.GetAlpn());
            Assert.Null(PeerChannel.Of(clock));
        }
    }

    [Fact]
    public async Task Version_served_by_itself_goes_before_the_one_that_a_younger_contract_brings()
    {
        foreach (bool before in new[] { true, false })
        {
            await _peer.StartAsync(router => before
                ? router.Map<ILedgerV1>(new OldLedger()).Map<ILedgerV2>(new Ledger())
                : router.Map<ILedgerV2>(new Ledger()).Map<ILedgerV1>(new OldLedger()));
            Assert.Equal(before ? ["ledger/1", "ledger/2"] : ["ledger/2", "ledger/1"], _peer.Router.Alpns);
            await using PeerClient<ILedgerV1> client = await _client.ConnectAsync<ILedgerV1>(_peer.Ticket, cancellationToken: Token).Soon();
            Assert.Equal("old", await client.Service.BalanceAsync(null, Token).Soon());
            await _peer.StopAsync();
        }
    }

    [Fact]
    public void Method_tokens_say_what_they_are()
    {
        Assert.Equal(("MultiplyAsync", "clock/10", "IClock.MultiplyAsync"),
            (IClock.Methods.MultiplyAsync.Name, IClock.Methods.MultiplyAsync.Since, IClock.Methods.MultiplyAsync.ToString()));
        Assert.Equal("clock/8", IClock.Methods.AddAsync.Since);
        Assert.Equal(("ledger/2", "ledger/1"), (ILedgerV3.Methods.TransferAsync.Since, ILedgerV3.Methods.BalanceAsync.Since));
        Assert.True(IClock.Methods.AddAsync == IClock.Methods.AddAsync);
        Assert.True(IClock.Methods.AddAsync != IClock.Methods.MultiplyAsync);
        Assert.Throws<InvalidOperationException>(() => new ThirdClock().Supports(default(ContractMethod<IClock>)));
    }

    [Fact]
    public async Task Asking_allocates_nothing()
    {
        await _peer.StartAsync(ClockBuild.Third.Map);
        IClock clock = _client.Connect<IClock>(_peer.Ticket);
        Assert.True(await clock.SupportsAsync(IClock.Methods.MultiplyAsync, Token).Soon());
        bool all = true;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            all &= clock.Supports(IClock.Methods.MultiplyAsync) & clock.Supports(IClock.Methods.AddAsync);
        }

        Assert.Equal((true, 0), (all, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    private sealed class OldLedger : ILedgerV1
    {
        public ValueTask<string> BalanceAsync(CallContext? context, CancellationToken cancellationToken) => new("old");
    }
}

/// <summary>The method of the clock as somebody has it who knows nothing of versions.</summary>
[Alpn("unversioned-clock/1")]
public partial interface IUnversionedClock
{
    ValueTask<int> MultiplyAsync(int left, int right, CancellationToken cancellationToken = default);
}
