using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using IrohRpc.Transports;

namespace IrohRpc.Model;

/// <summary>
/// Everything at once over a real transport: calls of every shape from many workers, with cancels and deadlines, while connections are closed and lost every few seconds. Each call is judged by
/// the model, and memory, handles, threads and sockets have to be flat at the end.
/// </summary>
internal sealed class Soak(string transport, TimeSpan length) : ICallBook
{
    private const int Workers = 24;
    private const int Clients = 4;

    private readonly ConcurrentDictionary<long, ModelCall> _calls = new();
    private readonly ConcurrentDictionary<RpcConnection, bool> _connections = new();
    private readonly int[] _cuts = new int[Clients];
    private readonly List<ModelClient> _clients = [];
    private long _lastId;
    private long _made;
    private long _wrong;
    private int _reconnects;

    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    public ModelCall Call(long id) => _calls[id];

    public void Note(RpcConnection connection) => _connections.TryAdd(connection, true);

    public void NotePost(ModelCall call)
    {
    }

    public void SourceBegan()
    {
    }

    public void SourceEnded()
    {
    }

    /// <summary>Runs it.</summary>
    /// <returns>Zero where every call ended as it may and nothing has grown.</returns>
    public async Task<int> RunAsync()
    {
        await using PeerEndpoint server = await BindAsync([new IPEndPoint(IPAddress.Loopback, 0)]);
        await using Router router = await server.Route().Map<IModel>(new ModelService(this)).StartAsync();
        for (int index = 0; index < Clients; index++)
        {
            PeerEndpoint endpoint = await BindAsync([]);
            PeerChannel channel = endpoint.CreateChannel(server.Address, new PeerChannelOptions { Calls = new ClientOptions { WaitForReady = TimeSpan.FromSeconds(30) } });
            _clients.Add(new ModelClient(index, endpoint) { Channel = channel, Proxy = channel.Get<IModel>() });
        }

        using var stop = new CancellationTokenSource();
        Task work = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker, stop.Token))).Append(Task.Run(() => CutAsync(stop.Token))));
        var watch = Stopwatch.StartNew();
        List<Sample> samples = [];
        TimeSpan step = length / 10;
        for (int index = 1; index <= 10; index++)
        {
            await Task.Delay(step);
            samples.Add(Sample.Take());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:F0} s {samples[^1]}, {_made} calls, {_reconnects} reconnects, {_wrong} wrong"));
        }

        await stop.CancelAsync();
        await work;
        foreach (ModelClient client in _clients)
        {
            await client.Channel.DisposeAsync();
            await client.Endpoint.DisposeAsync();
        }

        await Task.WhenAll(_connections.Keys.Select(static connection => connection.Completion)).WaitAsync(TimeSpan.FromSeconds(30));

        // What was kept for calls that were given up or lost is let go.
        await Task.Delay(TimeSpan.FromSeconds(4));
        long objects = _connections.Keys.Sum(static connection => connection.Objects.Count);
        _connections.Clear();
        Sample end = Sample.Take();
        string? grown = end.Compare(samples[1]);
        Console.WriteLine($"   end {end}");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_made} calls over {transport}, {_reconnects} reconnects, {_wrong} wrong, {_calls.Count} calls and {objects} objects left, {(grown is null ? "flat" : $"GROWN: {grown}")}"));
        return _wrong == 0 && _calls.IsEmpty && objects == 0 && grown is null ? 0 : 1;
    }

    private async Task WorkAsync(int worker, CancellationToken stop)
    {
        var random = new Random(worker);
        while (!stop.IsCancellationRequested)
        {
            int client = random.Next(Clients);
            TimeSpan? timeout = random.Next(6) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 200)) : null;
            var call = new ModelCall(
                Interlocked.Increment(ref _lastId), client, (Shape)random.Next((int)Shape.Open + 1), random.Next(8) == 0 ? Script.Fail : Script.Answer, random.Next(12) == 0 ? random.Next(100) : random.Next(6))
            {
                Timeout = timeout,

                // Timers and the clock of the day differ by their resolution.
                Deadline = Now + timeout - TimeSpan.FromMilliseconds(50),
            };
            _calls[call.Id] = call;
            call.Open(100_000);
            int cuts = Volatile.Read(ref _cuts[client]);
            Task run = new Caller(this, _clients[client].Proxy, call).RunAsync();
            if (random.Next(10) == 0)
            {
                call.WasCancelled = true;
                await call.Cancellation.CancelAsync();
            }

            await run.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
            call.WasDisturbed = true;
            await JudgeAsync(call, isCertain: cuts % 2 == 0 && cuts == Volatile.Read(ref _cuts[client]));
        }
    }

    // A handler learns that nobody waits for it a little later than its caller.
    private async Task JudgeAsync(ModelCall call, bool isCertain)
    {
        for (int wait = 0; (call.Starts != call.Ends || (call.Shape == Shape.Post && call.Starts == 0)) && wait < 200; wait++)
        {
            await Task.Delay(5);
        }

        Interlocked.Increment(ref _made);
        string? wrong = ReferenceModel.Check(call)
            ?? (isCertain && call.Failure is RpcException { StatusCode: RpcStatusCode.Unavailable } ? "its connection was not cut, and it failed" : null);
        if (wrong is not null && Interlocked.Increment(ref _wrong) <= 20)
        {
            Console.Error.WriteLine($"{call}: {wrong}");
        }

        // Whatever comes later for a call that was given up or lost finds it still.
        _ = Task.Delay(TimeSpan.FromSeconds(call.Failure is null && call.Starts > 0 ? 0 : 2)).ContinueWith(_ => _calls.TryRemove(call.Id, out ModelCall? _), TaskScheduler.Default);
    }

    private async Task CutAsync(CancellationToken stop)
    {
        var random = new Random(99);
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 2000)), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            int client = random.Next(Clients);
            if (PeerChannel.GetConnection(_clients[client].Proxy) is { } connection)
            {
                Interlocked.Increment(ref _cuts[client]);
                _reconnects++;
                await connection.Connection.CloseAsync(0, "as the soak says", CancellationToken.None);
                Interlocked.Increment(ref _cuts[client]);
            }
        }
    }

    private ValueTask<PeerEndpoint> BindAsync(IPEndPoint[] listenOn) => PeerEndpoint.BindAsync(new PeerEndpointOptions
    {
        ListenOn = [.. listenOn],
        Transports = [transport switch { "tls" => TlsTransport.Instance, "quic" => QuicTransport.Instance, _ => MsQuicTransport.Instance }],
    });

    private sealed record Sample(double Heap, double Resident, int Handles, int Threads, int Sockets)
    {
        public static Sample Take()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            string[] handles = Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd") : [];
            int sockets = handles.Count(static handle => new FileInfo(handle).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
            return new Sample(GC.GetTotalMemory(false) / 1e6, process.WorkingSet64 / 1e6, handles.Length, process.Threads.Count, sockets);
        }

        /// <summary>What has grown since an earlier sample; null for nothing.</summary>
        public string? Compare(Sample earlier)
            => Heap > (earlier.Heap * 1.5) + 8 ? "the heap"
                : Resident > (earlier.Resident * 1.5) + 64 ? "resident memory"
                : Handles > earlier.Handles + 16 ? "handles"
                : Threads > earlier.Threads + 16 ? "threads"
                : Sockets > earlier.Sockets + 4 ? "sockets" : null;

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"heap {Heap:F1} MB, resident {Resident:F0} MB, {Handles} handles, {Threads} threads, {Sockets} sockets");
    }
}
