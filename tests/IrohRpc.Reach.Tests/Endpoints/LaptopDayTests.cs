using System.Net;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Relay;
using IrohRpc.Relay;

namespace IrohRpc.Reach.Tests.Endpoints;

[Alpn("laptop/1")]
internal partial interface ICounter
{
    /// <summary>May run twice, and so is called again where nobody knows whether it ran.</summary>
    [Idempotent]
    ValueTask<int> SquareAsync(int number, CancellationToken cancellationToken = default);

    /// <summary>Must not run twice.</summary>
    ValueTask<int> CountAsync(int number, CancellationToken cancellationToken = default);
}

/// <summary>A caller that calls all day, while the network, the relay and the peer come and go.</summary>
public sealed class LaptopDayTests
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_steady_caller_sees_no_failure_but_those_that_the_contract_of_retries_allows()
    {
        using SecretKey key = SecretKey.Generate();
        RelayServer relay = await RelayServer.StartAsync(configure: options => options.RestartDelay = TimeSpan.Zero, cancellationToken: Cancel);
        var relayAt = new IPEndPoint(IPAddress.Loopback, relay.Url.Port);
        PeerEndpoint peer = await PeerAsync(key, relay.Url, new IPEndPoint(IPAddress.Loopback, 0));
        IPEndPoint peerAt = peer.Address.Addresses.Select(address => address.ToEndPoint()).OfType<IPEndPoint>().Single();
        await using var home = new UdpGate(peerAt, isOpen: true);
        var lookup = new StaticAddressLookup();
        lookup.Set(new EndpointAddress(key.Id, home.Address, TransportAddress.Relay(relay.Url.AbsoluteUri)));
        await using PeerEndpoint laptop = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { ListenOn = [], Relays = [new RelayConfig(relay.Url)], AddressLookups = [lookup] }, Cancel);
        ICounter counter = laptop.Connect<ICounter>(key.Id, new ClientOptions { WaitForReady = TimeSpan.FromMinutes(1), MaxRetries = 20 });
        using var evening = new CancellationTokenSource();
        using var log = new CallLog();
        Task[] callers =
        [
            CallAllDayAsync(counter.SquareAsync, log, mayFail: false, evening.Token),
            CallAllDayAsync(counter.CountAsync, log, mayFail: true, evening.Token),
        ];

        // The morning: at home.
        await log.MoreAsync(20);

        // On the way: no network at all, neither to the peer nor to the relay.
        home.IsOpen = false;
        await relay.DisposeAsync();
        await Task.Delay(Outage, Cancel);

        // At the office, where the laptop has another address.
        home.ChangeAddresses();
        home.IsOpen = true;
        relay = await RelayServer.StartAsync(relayAt, options => options.RestartDelay = TimeSpan.Zero, cancellationToken: Cancel);
        await log.MoreAsync(20);

        // Where UDP is blocked, and then it is not.
        home.IsOpen = false;
        await log.MoreAsync(20);
        home.IsOpen = true;
        await log.MoreAsync(20);

        // The relay restarts.
        await relay.DisposeAsync();
        relay = await RelayServer.StartAsync(relayAt, cancellationToken: Cancel);
        await log.MoreAsync(20);

        // The peer restarts.
        await peer.DisposeAsync();
        peer = await PeerAsync(key, relay.Url, peerAt);
        await log.MoreAsync(20);
        await evening.CancelAsync();
        await Task.WhenAll(callers).Soon();
        Assert.All(log.Failures, failure => Assert.Equal(RpcStatusCode.Unavailable, failure.StatusCode));
        Assert.InRange(log.Failures.Count, 0, 6);
        await peer.DisposeAsync();
        await relay.DisposeAsync();
    }

    private static async Task<PeerEndpoint> PeerAsync(SecretKey key, Uri relay, IPEndPoint at)
    {
        PeerEndpoint peer = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { SecretKey = key, ListenOn = [at], Relays = [new RelayConfig(relay)], DrainTimeout = TimeSpan.Zero }, Cancel);
        await peer.Route().Map<ICounter>(new Counter()).StartAsync(Cancel);
        await peer.WaitOnlineAsync(Cancel).AsTask().Soon();
        return peer;
    }

    private static async Task CallAllDayAsync(Func<int, CancellationToken, ValueTask<int>> call, CallLog log, bool mayFail, CancellationToken evening)
    {
        for (int i = 0; !evening.IsCancellationRequested; i++)
        {
            try
            {
                int number = i % 1000;
                Assert.Equal(number * number, await call(number, Cancel).AsTask().WaitAsync(TimeSpan.FromMinutes(2), Cancel));
                log.Answered();
            }
            catch (RpcException exception) when (mayFail)
            {
                log.Failed(exception);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancel);
        }
    }

    private sealed class Counter : ICounter
    {
        public ValueTask<int> SquareAsync(int number, CancellationToken cancellationToken) => new(number * number);

        public ValueTask<int> CountAsync(int number, CancellationToken cancellationToken) => new(number * number);
    }

    private sealed class CallLog : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly List<RpcException> _failures = [];
        private readonly SemaphoreSlim _answers = new(0);

        public IReadOnlyList<RpcException> Failures
        {
            get
            {
                lock (_lock)
                {
                    return [.. _failures];
                }
            }
        }

        public void Dispose() => _answers.Dispose();

        public void Answered() => _answers.Release();

        public void Failed(RpcException exception)
        {
            lock (_lock)
            {
                _failures.Add(exception);
            }
        }

        /// <summary>Waits for so many answers from now on.</summary>
        public async Task MoreAsync(int count)
        {
            while (_answers.Wait(0, Cancel))
            {
                // What was answered before does not count.
            }

            for (int i = 0; i < count; i++)
            {
                Assert.True(await _answers.WaitAsync(TimeSpan.FromMinutes(1), Cancel), "No call is answered any more.");
            }
        }
    }
}
