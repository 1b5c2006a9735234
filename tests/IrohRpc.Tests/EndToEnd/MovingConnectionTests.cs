using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using IrohRpc.Identity;
using IrohRpc.Routing.Internal.Reaching;
using IrohRpc.Transports;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Tests;

/// <summary>A QUIC connection whose path changes under calls of every shape: none is lost, and none runs twice.</summary>
[Collection<RunsAlone>]
public sealed class MovingConnectionTests : IAsyncLifetime
{
    private const int Moves = 8;

    private readonly MovedLedger _ledger = new();
    private readonly ScriptedNetwork _network = new();
    private PeerEndpoint _server = null!;
    private PeerEndpoint _client = null!;
    private Router _router = null!;
    private UdpTap _tap = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [QuicTransport.Instance], ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)] }, Token);
        _router = await _server.Route().Map<IMovedLedger>(_ledger).StartAsync(Token);
        _tap = new UdpTap(_server.Address.Addresses[0].ToIPEndPoint()) { Copies = false };
        _client = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { Transports = [QuicTransport.Instance], ListenOn = [], NetworkMonitor = _network }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _router.DisposeAsync();
        await _server.DisposeAsync();
        await _tap.DisposeAsync();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Calls_of_every_shape_go_on_while_their_connection_moves(bool natForgets, bool addressGoes)
    {
        await using PeerChannel channel = _client.CreateChannel(
            new EndpointAddress(_server.Id, [TransportAddress.Ip(_tap.Address)]), new PeerChannelOptions { SilenceTimeout = Timeout.InfiniteTimeSpan });
        IMovedLedger ledger = channel.Get<IMovedLedger>(new ClientOptions { MaxRetries = 0 });
        await ledger.AddAsync(-1, Token).AsTask().Bounded();
        PeerConnection before = PeerChannel.GetConnection(ledger)!.Connection;
        using var stop = new CancellationTokenSource();

        // Each stops only after the last move, so that all of them are under way at every one.
        Task<int>[] adders = [.. Enumerable.Range(0, 8).Select(adder => AddAsync(ledger, adder * 1_000_000, stop.Token))];
        Task<int> poster = PostAsync(ledger, stop.Token);
        Task<int> reader = ReadItemsAsync(ledger, stop.Token);
        Task<long> upload = ledger.SumAsync(NumbersAsync(stop.Token), Token).AsTask();
        Task<int> callbacks = ledger.CallBackAsync(new Counter(stop.Token), Token).AsTask();
        for (int move = 0; move < Moves; move++)
        {
            await _ledger.WhenMoreAsync(100);
            if (natForgets)
            {
                _tap.Move();
            }

            if (addressGoes)
            {
                _network.Change();
            }
        }

        await _ledger.WhenMoreAsync(100);
        await stop.CancelAsync();
        int added = (await Task.WhenAll(adders).Bounded()).Sum();
        int posted = await poster.Bounded();
        Assert.True(await reader.Bounded() > 0);
        (long sum, int count) = (await upload.Bounded(), _ledger.Uploaded);
        Assert.Equal((long)count * (count - 1) / 2, sum);
        Assert.True(await callbacks.Bounded() > 0);
        await PeerChannel.GetConnection(ledger)!.FlushAsync(Token).Bounded();
        await _ledger.WhenPostedAsync(posted);

        // Each once: none is missing, none is there twice.
        Assert.Equal(added + 1, _ledger.Added.Count);
        Assert.All(_ledger.Added, entry => Assert.Equal(1, entry.Value));
        Assert.Equal(posted, _ledger.Posted.Count);
        Assert.All(_ledger.Posted, entry => Assert.Equal(1, entry.Value));
        Assert.Same(before, PeerChannel.GetConnection(ledger)!.Connection);
    }

    private static async Task<int> AddAsync(IMovedLedger ledger, int first, CancellationToken stop)
    {
        int next = first;
        while (!stop.IsCancellationRequested)
        {
            Assert.Equal(next, await ledger.AddAsync(next, Token));
            next++;
        }

        return next - first;
    }

    private static async Task<int> PostAsync(IMovedLedger ledger, CancellationToken stop)
    {
        int next = 0;
        while (!stop.IsCancellationRequested)
        {
            // Each tenth takes a stream of its own.
            ledger.Post(next, new byte[next % 10 == 0 ? 20_000 : 10]);
            next++;
            await PeerChannel.GetConnection(ledger)!.FlushAsync(Token);
        }

        return next;
    }

    private static async Task<int> ReadItemsAsync(IMovedLedger ledger, CancellationToken stop)
    {
        int expected = 0;
        await foreach (int item in ledger.CountAsync(Token))
        {
            Assert.Equal(expected++, item);
            if (stop.IsCancellationRequested)
            {
                break;
            }
        }

        return expected;
    }

    private async IAsyncEnumerable<int> NumbersAsync([EnumeratorCancellation] CancellationToken stop)
    {
        for (int number = 0; !stop.IsCancellationRequested; number++)
        {
            yield return number;
            _ledger.Uploaded = number + 1;
            await Task.Yield();
        }
    }

    private sealed class Counter(CancellationToken stop) : ICounter
    {
        private int _count;

        public ValueTask<bool> NextAsync(int number, CancellationToken cancellationToken)
        {
            // Each call of the service's once, in its order.
            Assert.Equal(_count++, number);
            return ValueTask.FromResult(!stop.IsCancellationRequested);
        }
    }

    private sealed class MovedLedger : IMovedLedger, IDisposable
    {
        private readonly SemaphoreSlim _more = new(0);
        private readonly SemaphoreSlim _posted = new(0);

        public ConcurrentDictionary<int, int> Added { get; } = new();

        public ConcurrentDictionary<int, int> Posted { get; } = new();

        public int Uploaded { get; set; }

        public void Dispose()
        {
            _more.Dispose();
            _posted.Dispose();
        }

        public async Task WhenMoreAsync(int calls)
        {
            while (_more.CurrentCount > 0)
            {
                await _more.WaitAsync(Token);
            }

            for (int call = 0; call < calls; call++)
            {
                await _more.WaitAsync(Token).Bounded();
            }
        }

        public async Task WhenPostedAsync(int calls)
        {
            for (int call = 0; call < calls; call++)
            {
                await _posted.WaitAsync(Token).Bounded();
            }
        }

        public ValueTask<int> AddAsync(int id, CancellationToken cancellation)
        {
            Added.AddOrUpdate(id, 1, static (_, times) => times + 1);
            _more.Release();
            return ValueTask.FromResult(id);
        }

        public void Post(int id, byte[] bytes)
        {
            Posted.AddOrUpdate(id, 1, static (_, times) => times + 1);
            _posted.Release();
        }

        public async IAsyncEnumerable<int> CountAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            for (int item = 0; !cancellation.IsCancellationRequested; item++)
            {
                yield return item;
                await Task.Yield();
            }
        }

        public async ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellation)
        {
            long sum = 0;
            int expected = 0;
            await foreach (int number in numbers.WithCancellation(cancellation))
            {
                Assert.Equal(expected++, number);
                sum += number;
            }

            return sum;
        }

        public async ValueTask<int> CallBackAsync(ICounter counter, CancellationToken cancellation)
        {
            int number = 0;
            while (await counter.NextAsync(number, cancellation))
            {
                number++;
            }

            return number + 1;
        }
    }

    private sealed class ScriptedNetwork : INetworkMonitor
    {
        private Action? _changed;

        /// <remarks>None: whatever the connection is bound to has gone.</remarks>
        public IReadOnlySet<IPAddress> Addresses { get; } = new HashSet<IPAddress>();

        public void Start(Action changed) => _changed = changed;

        public void Change() => _changed!();

        public void Dispose()
        {
        }
    }
}

/// <summary>A contract whose service counts how often each call has run.</summary>
[Alpn("moved-ledger/1")]
public partial interface IMovedLedger
{
    ValueTask<int> AddAsync(int id, CancellationToken cancellation = default);

    void Post(int id, byte[] bytes);

    IAsyncEnumerable<int> CountAsync(CancellationToken cancellation = default);

    ValueTask<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellation = default);

    ValueTask<int> CallBackAsync(ICounter counter, CancellationToken cancellation = default);
}

/// <summary>What the ledger's service calls back.</summary>
[Alpn("counter/1")]
public partial interface ICounter
{
    ValueTask<bool> NextAsync(int number, CancellationToken cancellationToken = default);
}
