using IrohRpc.Internal;

namespace IrohRpc.Tests;

/// <summary>Objects that are passed have identity, and a lifetime that nobody has to guess.</summary>
[Collection<RunsAlone>]
public sealed class PassedObjectTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Object_that_is_passed_twice_is_the_same()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var listener = new Workshop.Listener("me");
        Assert.Equal(1, await pair.Proxy.SubscribeAsync(listener, Token).Soon());
        Assert.Equal(1, pair.Client.Objects.Count);
        Assert.Equal(0, await pair.Proxy.UnsubscribeAsync(listener, Token).Soon());
        Assert.Equal(1, await pair.Proxy.SubscribeAsync(new Workshop.Listener("other"), Token).Soon());
        Assert.Equal(1, await pair.Proxy.UnsubscribeAsync(listener, Token).Soon());
    }

    [Fact]
    public async Task Objects_that_the_peer_forgot_do_not_fill_its_table_for_ever()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe(), clientOptions: new ClientOptions { MaxObjects = 64 });
        for (int call = 0; call < 300; call++)
        {
            await pair.Proxy.IgnoreAsync(new Workshop.Listener("x"), Token).Soon();
        }
    }

    [Fact]
    public async Task Object_of_a_call_that_was_never_sent_is_forgotten()
    {
        var gate = new OrderTests.WriteGate();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            new Probe(), clientOptions: new ClientOptions { MaxUnsentBytes = 64 * 1024 }, wrapClient: connection => new OrderTests.GatedConnection(connection, gate));
        await pair.Proxy.EchoAsync("before", Token).Soon();
        gate.Close();
        Task[] filling = [.. Enumerable.Range(0, 20).Select(_ => pair.Proxy.TakeAsync(new byte[10_000], null, Token).AsTask())];
        using var stop = new CancellationTokenSource();
        Task call = pair.Proxy.IgnoreAsync(new Workshop.Listener("x"), stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());
        Assert.Equal(0, pair.Client.Objects.Count);
        gate.Open();
        await Task.WhenAll(filling).Soon();
    }

    [Fact]
    public async Task Release_does_not_overtake_a_large_call()
    {
        var service = new Receiver();
        await using Pair<IReceiver> pair = await Pair<IReceiver>.StartAsync(service);
        for (int round = 0; round < 50; round++)
        {
            IReceiver other = await pair.Proxy.SelfAsync(Token).Soon();
            other.Take(new byte[50_000]);
            (other as IDisposable)!.Dispose();
            await service.Taken.WaitAsync(Token).Soon();
        }
    }

    [Fact]
    public async Task Object_ends_with_its_call_unless_it_is_kept()
    {
        var probe = new Probe { IsKeeping = false };
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, clientOptions: new ClientOptions { MaxObjects = 8 });
        for (int call = 0; call < 100; call++)
        {
            await pair.Proxy.IgnoreAsync(new Workshop.Listener("x"), Token).Soon();
        }

        await pair.Proxy.SubscribeAsync(new Workshop.Listener("not kept"), Token).Soon();
        await pair.Proxy.EchoAsync("after", Token).Soon();
        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => probe.Listeners[0].HearAsync("you", Token).Soon());
        Assert.Contains("RemoteObject.Keep", error.Message, StringComparison.Ordinal);
        Assert.Throws<ObjectDisposedException>(() => RemoteObject.Keep(probe.Listeners[0]));

        probe.IsKeeping = true;
        await pair.Proxy.SubscribeAsync(new Workshop.Listener("kept"), Token).Soon();
        Assert.Equal("kept heard you", await probe.Listeners[1].HearAsync("you", Token).Soon());
        Assert.Equal(1, pair.Client.Objects.Count);
    }

    [Fact]
    public async Task Objects_may_stay_after_their_calls_where_the_service_says_so()
    {
        var probe = new Probe { IsKeeping = false };
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, new ServiceOptions { ReleaseObjectsWithCall = false });
        await pair.Proxy.SubscribeAsync(new Workshop.Listener("stays"), Token).Soon();
        Assert.Equal("stays heard you", await probe.Listeners[0].HearAsync("you", Token).Soon());
    }

    [Fact]
    public async Task Table_that_fills_with_what_the_peer_has_forgotten_is_emptied_on_request()
    {
        // Without the end of calls to help: only the garbage collector of the holder knows, and it is asked.
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            new Probe(), new ServiceOptions { ReleaseObjectsWithCall = false }, new ClientOptions { MaxObjects = 64 });
        for (int call = 0; call < 300; call++)
        {
            await pair.Proxy.IgnoreAsync(new Workshop.Listener("x"), Token).Soon();
        }
    }

    [Theory]
    [MemberData(nameof(EachTransport.Rows), MemberType = typeof(EachTransport))]
    public async Task Object_is_called_under_the_newest_version_that_both_peers_have(string transport)
    {
        // An older build passes an object of the first version to a peer whose build knows three.
        var bank = new Bank();
        await using Pair<IBank> pair = await Pair<IBank>.StartAsync(bank, on: transport);
        IOldBank old = pair.Client.GetProxy<IOldBank>();
        Assert.Equal("ledger/1", await old.InspectAsync(new Versions.Ledger(), Token).Soon());
        Assert.Equal("ledger/3", await pair.Proxy.InspectAsync(new Versions.Ledger(), Token).Soon());

        // And the other way round, as a result.
        Versions.ILedgerV1 first = await old.OpenAsync(Token).Soon();
        Assert.Equal("ledger/1", first.GetAlpn());
        Versions.ILedgerV3 third = await pair.Proxy.OpenAsync(Token).Soon();
        Assert.Equal("ledger/3", third.GetAlpn());
        await third.AuditAsync(Token).Soon();
    }

    [Fact]
    public async Task Object_that_comes_home_is_itself()
    {
        await using Pair<IReceiver> pair = await Pair<IReceiver>.StartAsync(new Receiver());
        var mine = new Receiver();
        Assert.Same(mine, await pair.Proxy.ReturnAsync(mine, Token).Soon());
        IReceiver theirs = await pair.Proxy.SelfAsync(Token).Soon();
        Assert.True(await pair.Proxy.IsSelfAsync(theirs, Token).Soon());
        Assert.False(await pair.Proxy.IsSelfAsync(mine, Token).Soon());
    }

    [Fact]
    public async Task Kept_object_shows_that_its_peer_is_gone()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        await pair.Proxy.SubscribeAsync(new Workshop.Listener("me"), Token).Soon();
        IListener kept = probe.Listeners[0];
        Assert.Equal(pair.Server.PeerId, RemoteObject.GetPeer(kept));
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = RemoteObject.GetClosed(kept).Register(() => gone.TrySetResult());
        await pair.Client.DisposeAsync().Soon();
        await gone.Task.Soon();
        Assert.Null(RemoteObject.GetPeer(new Workshop.Listener("local")));
        Assert.False(RemoteObject.GetClosed(new Workshop.Listener("local")).CanBeCanceled);
    }

    [Fact]
    public async Task Dispose_of_a_services_proxy_changes_nothing()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        ((IDisposable)pair.Proxy).Dispose();
        await ((IAsyncDisposable)pair.Proxy).DisposeAsync();
        Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());
    }

    [Fact]
    public async Task Call_on_a_proxy_that_was_disposed_of_fails_where_it_is_awaited()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        IListener listener = await pair.Proxy.MakeAsync(Token).Soon();
        (listener as IDisposable)!.Dispose();
        ValueTask<string> call = listener.HearAsync("x", Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.Soon());
    }

    private sealed class Bank : IBank
    {
        public async ValueTask<string> InspectAsync(Versions.ILedgerV3 ledger, CancellationToken cancellationToken)
        {
            string alpn = ledger.GetAlpn()!;
            bool isNew = alpn == "ledger/3";
            Assert.Equal(isNew, ledger.Supports(Versions.ILedgerV3.Methods.AuditAsync));
            if (isNew)
            {
                await ledger.AuditAsync(cancellationToken);
            }
            else
            {
                var error = await Assert.ThrowsAsync<RpcException>(async () => await ledger.AuditAsync(cancellationToken));
                Assert.Equal((RpcStatusCode.Unimplemented, true), (error.StatusCode, error.IsNotStarted));
                Assert.Contains("\"ledger/1\"", error.Message, StringComparison.Ordinal);
            }

            return alpn;
        }

        public ValueTask<Versions.ILedgerV3> OpenAsync(CancellationToken cancellationToken) => ValueTask.FromResult<Versions.ILedgerV3>(new Versions.Ledger());
    }

    private sealed class Receiver : IReceiver
    {
        public SemaphoreSlim Taken { get; } = new(0);

        public ValueTask<IReceiver> SelfAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReceiver>(this);

        public ValueTask<IReceiver> ReturnAsync(IReceiver other, CancellationToken cancellationToken) => ValueTask.FromResult(other);

        public ValueTask<bool> IsSelfAsync(IReceiver other, CancellationToken cancellationToken) => ValueTask.FromResult(ReferenceEquals(this, other));

        public void Take(byte[] bytes) => Taken.Release();
    }
}

/// <summary>A contract that takes and gives an object of another contract, in its newest version.</summary>
[Alpn("bank/1")]
public partial interface IBank
{
    ValueTask<string> InspectAsync(Versions.ILedgerV3 ledger, CancellationToken cancellationToken = default);

    ValueTask<Versions.ILedgerV3> OpenAsync(CancellationToken cancellationToken = default);
}

/// <summary>The same as a build has it that knows the first version of the other contract only.</summary>
[Alpn("oldbank/1")]
public partial interface IOldBank
{
    ValueTask<string> InspectAsync(Versions.ILedgerV1 ledger, CancellationToken cancellationToken = default);

    ValueTask<Versions.ILedgerV1> OpenAsync(CancellationToken cancellationToken = default);
}

/// <summary>A contract that passes itself.</summary>
[Alpn("receiver/1")]
public partial interface IReceiver
{
    ValueTask<IReceiver> SelfAsync(CancellationToken cancellationToken = default);

    ValueTask<IReceiver> ReturnAsync(IReceiver other, CancellationToken cancellationToken = default);

    ValueTask<bool> IsSelfAsync(IReceiver other, CancellationToken cancellationToken = default);

    void Take(byte[] bytes);
}
