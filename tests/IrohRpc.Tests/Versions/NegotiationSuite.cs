using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

/// <summary>Which version two builds agree on, and what can then be called.</summary>
public abstract class NegotiationSuite : IAsyncLifetime
{
    private static readonly int[] Versions = [8, 9, 10];

    private ITransport? _transport;
    private RestartingPeer _peer = null!;
    private PeerEndpoint _client = null!;

    protected abstract ITransport Transport { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _transport = Transport;
        _peer = new RestartingPeer(_transport);
        _client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [_transport], ListenOn = [] }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_transport is not null)
        {
            await _client.DisposeAsync().Soon();
            await _peer.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(8, 9)]
    [InlineData(8, 10)]
    [InlineData(9, 8)]
    [InlineData(9, 9)]
    [InlineData(9, 10)]
    [InlineData(10, 8)]
    [InlineData(10, 9)]
    [InlineData(10, 10)]
    public async Task Any_two_builds_agree_on_the_newest_version_that_both_have(int callers, int services)
    {
        await _peer.StartAsync(ClockBuild.Of(services).Map);
        ClockCaller clock = ClockBuild.Of(callers).Connect(_client, _peer.Ticket);

        Assert.Equal(42, await clock.AddAsync(20, 22, Token).Soon());

        int agreed = Math.Min(callers, services);
        string alpn = $"clock/{agreed}";
        Assert.Equal(alpn, clock.Proxy.GetAlpn());
        Assert.Equal(alpn, await clock.VersionAsync(new CallContext(), Token).Soon());
        if (clock.TicksAsync is not null)
        {
            Assert.Equal(agreed >= 9, clock.SupportsTicks!());
            Task<List<string>> ticks = clock.TicksAsync(2, new CallContext(), Token).ToListAsync(Token).Soon();
            if (agreed >= 9)
            {
                Assert.Equal([$"0 {alpn}", $"1 {alpn}"], await ticks);
            }
            else
            {
                AssertTooYoung(await Assert.ThrowsAsync<RpcException>(() => ticks), "IClock.TicksAsync", "clock/9", alpn);
            }
        }

        if (clock.MultiplyAsync is not null)
        {
            Assert.Equal(agreed >= 10, clock.SupportsMultiply!());
            Task<int> product = clock.MultiplyAsync(6, 7, Token).Soon();
            if (agreed >= 10)
            {
                Assert.Equal(42, await product);
            }
            else
            {
                AssertTooYoung(await Assert.ThrowsAsync<RpcException>(() => product), "IClock.MultiplyAsync", "clock/10", alpn);
            }
        }
    }

    [Fact]
    public async Task One_endpoint_serves_callers_of_three_versions_side_by_side()
    {
        await _peer.StartAsync(ClockBuild.Third.Map);
        Assert.Equal(["clock/10", "clock/9", "clock/8"], _peer.Router.Alpns);
        ClockCaller[] callers = [.. Versions.Select(version => ClockBuild.Of(version).Connect(_client, _peer.Ticket))];

        string[] seen = await Task.WhenAll(callers.Select(caller => caller.VersionAsync(new CallContext(), Token).Soon()));

        Assert.Equal(["clock/8", "clock/9", "clock/10"], seen);
        Assert.Equal(seen, callers.Select(caller => caller.Proxy.GetAlpn()));
    }

    [Fact]
    public async Task Order_of_the_acceptor_decides_and_not_that_of_the_letters()
    {
        await _peer.StartAsync(router => Raw(Raw(Raw(router, "p/9"), "p/10"), "p/11"));
        await using PeerConnection first = await _client.DialAsync(_peer.Ticket, ["p/11", "p/10", "p/9"], Token).Soon();
        Assert.Equal("p/9", first.Alpn);
        await _peer.StopAsync();
        await _peer.StartAsync(router => Raw(Raw(router, "p/10"), "p/9"));
        await using PeerConnection second = await _client.DialAsync(_peer.Ticket, ["p/9", "p/10"], Token).Soon();
        Assert.Equal("p/10", second.Alpn);

        static RouterBuilder Raw(RouterBuilder router, string alpn)
            => router.Map(alpn, static async (connection, _) => await connection.Closed);
    }

    [Fact]
    public async Task Caller_that_offers_only_a_retired_version_hears_what_it_offered_and_to_whom()
    {
        await _peer.StartAsync(router => router.Map<ILedgerV3>(new Ledger()));
        await _peer.StopAsync();

        // The next build has dropped library/1 by deleting its ALPN.
        await _peer.StartAsync(router => router.Map<INewLedger>(new NewLedger()));

        var eager = await Assert.ThrowsAsync<PeerException>(() => _client.ConnectAsync<ILedgerV1>(_peer.Ticket, cancellationToken: Token).Soon());
        Assert.Equal(PeerErrorKind.NoCommonAlpn, eager.Kind);
        var lazy = await Assert.ThrowsAsync<RpcException>(() => _client.Connect<ILedgerV1>(_peer.Ticket).BalanceAsync(null, Token).Soon());
        Assert.True(lazy.IsNotStarted);
        foreach (string message in new[] { eager.Message, lazy.Message })
        {
            Assert.Contains("\"ledger/1\"", message, StringComparison.Ordinal);
            Assert.Contains(_peer.Ticket.Address.Id.ToShortString(), message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Reconnecting_to_an_older_peer_shows_and_its_younger_methods_are_refused()
    {
        await _peer.StartAsync(ClockBuild.Third.Map);
        ClockCaller clock = ClockBuild.Third.Connect(_client, _peer.Ticket);
        Assert.Equal(42, await clock.MultiplyAsync!(6, 7, Token).Soon());
        var seen = new List<string?>();
        PeerChannel connection = PeerChannel.Of(clock.Proxy)!;
        connection.Changed += (_, _) =>
        {
            lock (seen)
            {
                seen.Add(clock.Proxy.GetAlpn());
            }
        };
        await _peer.StopAsync();
        await _peer.StartAsync(ClockBuild.First.Map);

        Assert.Equal(42, await clock.AddAsync(40, 2, Token).Soon());

        Assert.Equal(2, connection.Generation);
        Assert.Equal(("clock/8", false, false), (clock.Proxy.GetAlpn(), clock.SupportsTicks!(), clock.SupportsMultiply!()));
        lock (seen)
        {
            Assert.Contains(null, seen);
        }

        AssertTooYoung(
            await Assert.ThrowsAsync<RpcException>(() => clock.MultiplyAsync(6, 7, Token).Soon()), "IClock.MultiplyAsync", "clock/10", "clock/8");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Interface_for_each_version_meets_peers_of_all_versions(int services)
    {
        var ledger = new Ledger();
        await _peer.StartAsync(router => services switch
        {
            1 => router.Map<ILedgerV1>(ledger),
            2 => router.Map<ILedgerV2>(ledger),
            _ => router.Map<ILedgerV3>(ledger),
        });
        Assert.Equal(Enumerable.Range(1, services).Reverse().Select(version => $"ledger/{version}"), _peer.Router.Alpns);
        ILedgerV3 newest = _client.Connect<ILedgerV3>(_peer.Ticket);
        ILedgerV2 middle = _client.Connect<ILedgerV2>(_peer.Ticket);
        ILedgerV1 oldest = _client.Connect<ILedgerV1>(_peer.Ticket);

        Assert.Equal($"ledger/{services}", await newest.BalanceAsync(new CallContext(), Token).Soon());
        Assert.Equal($"ledger/{Math.Min(2, services)}", await middle.BalanceAsync(new CallContext(), Token).Soon());
        Assert.Equal("ledger/1", await oldest.BalanceAsync(new CallContext(), Token).Soon());

        Assert.Equal(
            (true, services >= 2, services >= 3),
            (newest.Supports(ILedgerV3.Methods.BalanceAsync), newest.Supports(ILedgerV3.Methods.TransferAsync), newest.Supports(ILedgerV3.Methods.AuditAsync)));
        Assert.Equal(services >= 2, newest.Supports(ILedgerV2.Methods.TransferAsync));
        Assert.True(newest.Supports(ILedgerV1.Methods.BalanceAsync));
        if (services >= 2)
        {
            Assert.Equal(7, await newest.TransferAsync(7, Token).Soon());
        }
        else
        {
            AssertTooYoung(await Assert.ThrowsAsync<RpcException>(() => newest.TransferAsync(7, Token).Soon()), "ILedgerV3.TransferAsync", "ledger/2", "ledger/1");
            AssertTooYoung(await Assert.ThrowsAsync<RpcException>(() => middle.TransferAsync(7, Token).Soon()), "ILedgerV2.TransferAsync", "ledger/2", "ledger/1");
        }
    }

    private static void AssertTooYoung(RpcException error, string method, string since, string agreed)
    {
        Assert.Equal((RpcStatusCode.Unimplemented, true), (error.StatusCode, error.IsNotStarted));
        Assert.Equal($"{method} came with \"{since}\"; the connection agreed on \"{agreed}\".", error.Message);
    }
}
