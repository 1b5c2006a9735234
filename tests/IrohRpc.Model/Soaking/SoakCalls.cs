using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace IrohRpc.Model;

/// <summary>Calls of every shape from many workers, and who closes their connections. Each call is judged by the model once its handler has had the time to learn of its end.</summary>
internal sealed class SoakCalls : ICallBook, IAsyncDisposable
{
    private const int Workers = 24;
    private const int MostReported = 20;

    // A soak is long rather than fast.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan CallPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan HandlerPatience = TimeSpan.FromSeconds(30);

    // How long a handler may begin after its call has ended for its caller.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<long, ModelCall> _calls = new();
    private readonly ConcurrentDictionary<RpcConnection, bool> _connections = new();
    private readonly Channel<EndedCall> _ended = Channel.CreateUnbounded<EndedCall>();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<SoakClient> _clients = [];
    private Task _work = Task.CompletedTask;
    private Task _judging = Task.CompletedTask;
    private long _lastId;
    private long _judged;
    private long _wrong;
    private long _objectsLeft;
    private int _reconnects;

    public DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>How many calls ended otherwise than they may.</summary>
    public long Wrong => Interlocked.Read(ref _wrong);

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

    /// <summary>Adds a client, before the start.</summary>
    public void Add(PeerChannel channel) => _clients.Add(new SoakClient(channel.Get<IModel>()));

    public void Start()
    {
        _judging = Task.Run(JudgeAllAsync);
        _work = Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker))).Append(Task.Run(CutAsync)));
    }

    /// <summary>Ends the calls and judges the last.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _ended.Writer.Complete();
        await _judging;
    }

    /// <summary>Once all channels are closed: what their connections hold still.</summary>
    public async Task<int> CountLeftAsync()
    {
        await Task.WhenAll(_connections.Keys.Select(static connection => connection.Completion)).WaitAsync(HandlerPatience);
        Forget();
        return (int)_objectsLeft + _connections.Count + _calls.Count;
    }

    public override string ToString() => $"{Interlocked.Read(ref _judged)} calls, {_reconnects} reconnects, {Wrong} wrong";

    public ValueTask DisposeAsync()
    {
        _stop.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task WorkAsync(int worker)
    {
        var random = new Random(worker);
        while (!_stop.IsCancellationRequested)
        {
            SoakClient client = _clients[random.Next(_clients.Count)];
            ModelCall call = Make(random);
            _calls[call.Id] = call;
            call.Open(100_000);
            int cuts = client.Cuts;
            Task run = new Caller(this, client.Proxy, call).RunAsync();
            if (random.Next(10) == 0)
            {
                call.WasCancelled = true;
                await call.Cancellation.CancelAsync();
            }

            await run.WaitAsync(CallPatience, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _ended.Writer.TryWrite(new EndedCall(call, client, cuts, client.Cuts, Stopwatch.GetTimestamp()));
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private ModelCall Make(Random random)
    {
        TimeSpan? timeout = random.Next(6) == 0 ? TimeSpan.FromMilliseconds(random.Next(1, 200)) : null;
        return new ModelCall(
            Interlocked.Increment(ref _lastId),
            client: 0,
            (Shape)random.Next((int)Shape.Open + 1),
            random.Next(8) == 0 ? Script.Fail : Script.Answer,
            items: random.Next(12) == 0 ? random.Next(100) : random.Next(6))
        {
            Timeout = timeout,

            // Timers and the clock of the day differ by their resolution.
            Deadline = Now + timeout - TimeSpan.FromMilliseconds(50),
        };
    }

    private async Task JudgeAllAsync()
    {
        await foreach (EndedCall ended in _ended.Reader.ReadAllAsync())
        {
            TimeSpan early = Settling - Stopwatch.GetElapsedTime(ended.At);
            if (early > TimeSpan.Zero)
            {
                await Task.Delay(early);
                Forget();
            }

            ModelCall call = ended.Call;
            for (long began = Stopwatch.GetTimestamp(); MayBeUnderWay(ended) && Stopwatch.GetElapsedTime(began) < HandlerPatience;)
            {
                await Task.Delay(5);
            }

            Judge(ended);
            _calls.TryRemove(call.Id, out _);
            call.Dispose();
        }
    }

    // A one-way call ends for its caller before it has arrived, and even before there is a connection.
    private static bool MayBeUnderWay(EndedCall ended)
        => ended.Call.Starts != ended.Call.Ends || (ended.Call is { Shape: Shape.Post, Starts: 0 } && ended.Client.Cuts == ended.CutsBefore);

    private void Judge(EndedCall ended)
    {
        // A one-way call is under way when its caller has gone on already.
        int cutsAfter = ended.Call.Shape == Shape.Post ? ended.Client.Cuts : ended.CutsAfter;
        ended.Call.WasDisturbed = ended.CutsBefore != cutsAfter || ended.CutsBefore % 2 != 0;
        Interlocked.Increment(ref _judged);
        if (ReferenceModel.Check(ended.Call) is { } wrong && Interlocked.Increment(ref _wrong) <= MostReported)
        {
            Console.Error.WriteLine($"{ended.Call}: {wrong}");
        }
    }

    // Connections that have completed hold nothing; the others are looked at later.
    private void Forget()
    {
        foreach (RpcConnection connection in _connections.Keys.Where(static connection => connection.Completion.IsCompleted))
        {
            _objectsLeft += connection.Objects.Count;
            _connections.TryRemove(connection, out _);
        }
    }

    private async Task CutAsync()
    {
        var random = new Random(99);
        while (!_stop.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(500, 2000)), _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (await _clients[random.Next(_clients.Count)].CutAsync())
            {
                _reconnects++;
            }
        }
    }

    /// <summary>A call that has ended for its caller.</summary>
    private sealed record EndedCall(ModelCall Call, SoakClient Client, int CutsBefore, int CutsAfter, long At);

    private sealed class SoakClient(IModel proxy)
    {
        private int _cuts;

        public IModel Proxy { get; } = proxy;

        /// <summary>How often its connection was closed, twice; odd while it is being closed.</summary>
        public int Cuts => Volatile.Read(ref _cuts);

        public async Task<bool> CutAsync()
        {
            if (PeerChannel.GetConnection(Proxy) is not { } connection)
            {
                return false;
            }

            Interlocked.Increment(ref _cuts);
            await connection.Connection.CloseAsync(0, "as the soak says", CancellationToken.None);
            Interlocked.Increment(ref _cuts);
            return true;
        }
    }
}
