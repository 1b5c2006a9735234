using System.Collections.Concurrent;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

/// <summary>Peers that each serve the clock and call that of every other, over and over, and check each answer.</summary>
internal sealed class ClockFleet : IAsyncDisposable
{
    private readonly RestartingPeer[] _peers;
    private readonly ConcurrentDictionary<string, bool> _versions = new();
    private readonly ConcurrentDictionary<(int From, int To), ClockCaller> _callers = new();
    private readonly ConcurrentDictionary<(int From, int To), int> _calls = new();
    private readonly Load[] _loads;

    public ClockFleet(ITransport transport, int peers)
    {
        _peers = [.. Enumerable.Range(0, peers).Select(peer => new RestartingPeer(transport, peer + 1))];
        _loads = new Load[peers];
    }

    /// <summary>What went wrong; a call that failed, or answered what it should not.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    public IEnumerable<string> VersionsSeen => _versions.Keys.Order(StringComparer.Ordinal);

    public int Calls => _calls.Values.Sum();

    public async Task StartAsync(ClockBuild build)
    {
        foreach (RestartingPeer peer in _peers)
        {
            await peer.StartAsync(build.Map);
        }

        for (int peer = 0; peer < _peers.Length; peer++)
        {
            _loads[peer] = StartLoad(peer, build);
        }
    }

    /// <summary>Shuts one peer down, as the others call it, and starts it anew with another build.</summary>
    public async Task UpgradeAsync(int peer, ClockBuild build)
    {
        await _loads[peer].StopAsync();
        await _peers[peer].StopAsync();
        await _peers[peer].StartAsync(build.Map);
        _loads[peer] = StartLoad(peer, build);
    }

    /// <summary>Waits until every peer has called every other some more times.</summary>
    public Task ExchangeAsync(int calls) => Task.WhenAll(_loads.Select(load => load.ProgressAsync(calls))).Soon();

    public Task StopLoadAsync() => Task.WhenAll(_loads.Select(load => load.StopAsync()));

    public IEnumerable<string?> PresentVersions() => _callers.Values.Select(caller => caller.Proxy.GetAlpn());

    public async ValueTask DisposeAsync()
    {
        await StopLoadAsync();
        foreach (RestartingPeer peer in _peers)
        {
            await peer.DisposeAsync();
        }
    }

    private Load StartLoad(int from, ClockBuild build)
    {
        var load = new Load();
        foreach (int to in Enumerable.Range(0, _peers.Length))
        {
            if (to != from)
            {
                var options = new ClientOptions { WaitForReady = RpcPair.Bound };
                ClockCaller caller = _callers[(from, to)] = build.Connect(_peers[from].Endpoint, _peers[to].Ticket, options);
                load.Add(progress => CallAsync(from, to, caller, load, progress));
            }
        }

        return load;
    }

    private async Task CallAsync(int from, int to, ClockCaller caller, Load load, Action progress)
    {
        for (int i = 0; !load.IsStopping; i++)
        {
            try
            {
                Task<string> version = caller.VersionAsync(new CallContext(), CancellationToken.None).AsTask();
                Task<int> sum = caller.AddAsync(i, from, CancellationToken.None).AsTask();
                _versions[await version] = true;
                if (await sum != i + from)
                {
                    Failures.Enqueue($"{from} to {to}: {i} + {from} is not {await sum}");
                }
            }
            catch (Exception exception)
            {
                Failures.Enqueue($"{from} to {to}: {exception.Message}");
            }

            _calls.AddOrUpdate((from, to), 2, static (_, calls) => calls + 2);
            progress();
        }
    }

    /// <summary>The loops of one peer.</summary>
    private sealed class Load
    {
        private readonly List<Task> _loops = [];
        private readonly List<LoopProgress> _progress = [];
        private volatile bool _stopping;

        public bool IsStopping => _stopping;

        public void Add(Func<Action, Task> loop)
        {
            var progress = new LoopProgress();
            _progress.Add(progress);
            _loops.Add(Task.Run(() => loop(progress.Advance)));
        }

        public Task ProgressAsync(int calls) => Task.WhenAll(_progress.Select(progress => progress.WaitAsync(calls)));

        public Task StopAsync()
        {
            _stopping = true;
            return Task.WhenAll(_loops).Soon();
        }
    }

    /// <summary>Counts the rounds of a loop, for one who waits for some more of them.</summary>
    private sealed class LoopProgress
    {
        private readonly Lock _gate = new();
        private int _missing;
        private TaskCompletionSource? _reached;

        public Task WaitAsync(int rounds)
        {
            lock (_gate)
            {
                _missing = rounds;
                _reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _reached.Task;
            }
        }

        public void Advance()
        {
            lock (_gate)
            {
                if (_missing > 0 && --_missing == 0)
                {
                    _reached!.SetResult();
                }
            }
        }
    }
}
