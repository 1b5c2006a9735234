using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Transports.Conformance;

/// <summary>What the themes of the suite share: a transport for each test, peers on it, and the cleaning up.</summary>
/// <remarks>A transport earns a theme's cases with one class that derives from it and names the transport.</remarks>
public abstract class TransportConformance<TTransport> : IClassFixture<UnobservedTasks>, IAsyncLifetime
    where TTransport : TransportUnderTest, new()
{
    // A dial and an accept finish on threads of their own, at the same time.
    private readonly ConcurrentStack<IAsyncDisposable> _owned = new();

    protected TTransport Subject { get; } = new();

    protected ITransport Transport => Subject.Transport;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public virtual ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Transport.UnsupportedReason is not null, Transport.UnsupportedReason ?? "");
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out IAsyncDisposable? owned))
        {
            await owned.DisposeAsync().Bounded();
        }

        await Subject.DisposeAsync().Bounded();
        GC.SuppressFinalize(this);
    }

    /// <summary>Disposes of it after the test, the last first.</summary>
    protected T Own<T>(T owned)
        where T : IAsyncDisposable
    {
        _owned.Push(owned);
        return owned;
    }

    protected ConformancePeer NewPeer()
    {
        var peer = new ConformancePeer();
        _owned.Push(new Disposal(peer));
        return peer;
    }

    protected async Task<ITransportListener> ListenAsync(ConformancePeer peer, PeerOptions? options = null)
    {
        options ??= new PeerOptions();
        var request = new ListenRequest(Subject.ListenOn, options.Alpns, options.ToSettings(peer)) { Admission = options.Admission };
        return Own(await Transport.ListenAsync(request, Token).Bounded());
    }

    protected Task<PeerConnection> DialAsync(
        TransportAddress address, EndpointId expected, ConformancePeer dialler, PeerOptions? options = null, CancellationToken? cancellationToken = null)
    {
        options ??= new PeerOptions();
        return DialCoreAsync();

        async Task<PeerConnection> DialCoreAsync()
        {
            var request = new DialRequest(expected, options.Alpns, options.ToSettings(dialler));
            return Own(await Transport.DialAsync(address, request, cancellationToken ?? Token));
        }
    }

    protected async Task<PeerConnection> AcceptAsync(ITransportListener listener) => Own(await listener.AcceptAsync(Token).Bounded());

    /// <summary>Connects two new peers.</summary>
    /// <param name="options">The settings of both.</param>
    protected Task<ConnectedPair> ConnectAsync(PeerOptions? options = null) => ConnectAsync(options, options);

    /// <summary>Connects two new peers.</summary>
    protected async Task<ConnectedPair> ConnectAsync(PeerOptions? dialler, PeerOptions? acceptor)
    {
        ConformancePeer acceptorPeer = NewPeer();
        return await ConnectAsync(NewPeer(), acceptorPeer, await ListenAsync(acceptorPeer, acceptor), dialler);
    }

    /// <summary>Connects to a listener.</summary>
    protected async Task<ConnectedPair> ConnectAsync(
        ConformancePeer diallerPeer, ConformancePeer acceptorPeer, ITransportListener listener, PeerOptions? dialler = null)
    {
        Task<PeerConnection> accepting = AcceptAsync(listener);
        PeerConnection dialled = await DialAsync(listener.LocalAddress, acceptorPeer.Id, diallerPeer, dialler).Bounded();
        return new ConnectedPair(diallerPeer, acceptorPeer, listener, dialled, await accepting);
    }

    /// <summary>Connects two new peers over a path that can be broken.</summary>
    protected async Task<(ConnectedPair Pair, BreakablePath Path)> ConnectBreakablyAsync(PeerOptions? dialler, PeerOptions? acceptor)
    {
        ConformancePeer diallerPeer = NewPeer();
        ConformancePeer acceptorPeer = NewPeer();
        ITransportListener listener = await ListenAsync(acceptorPeer, acceptor);
        BreakablePath path = Own(await Subject.MakeBreakablePathAsync(listener, diallerPeer.Id, acceptorPeer.Id));
        Task<PeerConnection> accepting = AcceptAsync(listener);
        PeerConnection dialled = await DialAsync(path.Address, acceptorPeer.Id, diallerPeer, dialler).Bounded();
        return (new ConnectedPair(diallerPeer, acceptorPeer, listener, dialled, await accepting), path);
    }

    /// <summary>A clock for time-outs: fake where the transport follows it, the system's elsewhere.</summary>
    protected TimeProvider NewClock() => Subject.FollowsTimeProvider ? new FakeTimeProvider(DateTimeOffset.UtcNow) : TimeProvider.System;

    /// <summary>A time-out to wait for: of any length under a fake clock, short where the clock is real.</summary>
    protected TimeSpan Wait(TimeSpan ifFake) => Subject.FollowsTimeProvider ? ifFake : TimeSpan.FromSeconds(1);

    /// <summary>Lets time pass: at once under a fake clock, in steps that re-armed timers can follow; a real clock does it by itself.</summary>
    protected static void Pass(TimeProvider clock, TimeSpan time)
    {
        if (clock is FakeTimeProvider fake)
        {
            for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += time / 10)
            {
                fake.Advance(time / 10);
            }
        }
    }

    /// <summary>
    /// Has a fake clock go on until something has happened. What was really on its way when the clock jumped arrives late by that clock, so that nobody can say by how much it has to
    /// go on; between two steps others exchange something, so that what is on its way gets somewhere.
    /// </summary>
    private protected async Task PassUntilAsync(TimeProvider clock, Task done)
    {
        if (clock is FakeTimeProvider fake)
        {
            ConnectedPair other = await ConnectAsync();
            while (!done.IsCompleted)
            {
                fake.Advance(TimeSpan.FromSeconds(1));
                await other.RoundTripAsync();
            }
        }

        await done.Bounded();
    }

    private sealed class Disposal(IDisposable disposable) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            disposable.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
