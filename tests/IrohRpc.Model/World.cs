using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Model;

/// <summary>A server and its clients on a network in memory with a fake clock, and the book of all calls.</summary>
internal sealed class World : ICallBook
{
    // How far the clock goes at once: less than any time-out, so that none passes while its end waits to be read.
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // Longer than all time-outs of the layers below together.
    private const int MostTicks = 300;

    private static readonly SecretKey ServerKey = SecretKey.FromBytes(Enumerable.Repeat((byte)1, 32).ToArray());

    private readonly ConcurrentDictionary<long, ModelCall> _calls = new();
    private readonly ConcurrentQueue<(int Client, int Channel, long Id)> _posts = new();
    private readonly ConcurrentDictionary<RpcConnection, bool> _connections = new();
    private readonly bool _isSequential;
    private readonly MemoryNetwork _network;
    private PeerEndpoint? _server;
    private Router? _router;
    private Task _stopping = Task.CompletedTask;
    private EndpointAddress _address = null!;
    private bool _isRefusing;
    private int _sources;

    public World(int seed, bool isSequential)
    {
        _isSequential = isSequential;
        _network = new MemoryNetwork(Clock, seed);
    }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public List<ModelClient> Clients { get; } = [];

    public IEnumerable<ModelCall> Calls => _calls.Values;

    public IEnumerable<ModelCall> Live => _calls.Values.Where(static call => !call.HasEnded).OrderBy(static call => call.Id);

    public bool IsServing => _router is not null && _stopping.IsCompleted;

    public ModelCall Call(long id) => _calls[id];

    public void Add(ModelCall call) => _calls[call.Id] = call;

    public void Note(RpcConnection connection) => _connections.TryAdd(connection, true);

    public void NotePost(ModelCall call) => _posts.Enqueue((call.Client, call.Channel, call.Id));

    public void SourceBegan() => Interlocked.Increment(ref _sources);

    public void SourceEnded() => Interlocked.Decrement(ref _sources);

    public async Task StartAsync(int clients, TimeSpan waitForReady)
    {
        await StartServerAsync();
        for (int index = 0; index < clients; index++)
        {
            PeerEndpoint endpoint = await _network.BindAsync(options =>
            {
                options.ListenOn = [];
                options.SecretKey = SecretKey.FromBytes(Enumerable.Repeat((byte)(index + 2), 32).ToArray());
            });
            var client = new ModelClient(index, endpoint);
            Clients.Add(client);
            Connect(client, waitForReady);
        }
    }

    public void Connect(ModelClient client, TimeSpan waitForReady)
    {
        client.Channels++;
        client.Channel = client.Endpoint.CreateChannel(
            _address, new PeerChannelOptions { Calls = new ClientOptions { WaitForReady = waitForReady } });
        client.Proxy = client.Channel.Get<IModel>();
    }

    /// <summary>Makes the server anew, under its key and at its address, unless it is there.</summary>
    public async Task StartServerAsync()
    {
        await DriveAsync(_stopping);
        if (_router is not null)
        {
            return;
        }

        _server = await _network.BindAsync(options =>
        {
            options.SecretKey = ServerKey;
            options.ListenOn = [new IPEndPoint(IPAddress.Loopback, 1)];
            options.DrainTimeout = TimeSpan.FromSeconds(5);
        });
        _address = _server.Address;
        _router = await _server.Route().Map<IModel>(new ModelService(this), new ServiceOptions { Sequential = _isSequential }).StartAsync();
    }

    /// <summary>Begins to end the server: with a drain, or as a process that is killed.</summary>
    public void StopServer(bool kill)
    {
        if (_router is not { } router || _server is not { } server)
        {
            return;
        }

        DisturbAll();
        if (kill)
        {
            _network.LoseConnections(server.Id);
        }

        (_router, _server) = (null, null);
        _stopping = StopAsync(router, server);
    }

    public void Lose(ModelClient client)
    {
        Disturb(client);
        _network.LoseConnections(client.Endpoint.Id, _address.Id);
    }

    public void Partition(ModelClient client)
    {
        Disturb(client);
        _network.Partition(client.Endpoint.Id, _address.Id);
    }

    public void Heal(ModelClient client) => _network.Heal(client.Endpoint.Id, _address.Id);

    public void Refuse(bool refuse)
    {
        _isRefusing = refuse;
        if (refuse)
        {
            DisturbAll();
        }

        _network.RefuseDials(_address.Id, refuse);
    }

    public void Close(ModelClient client)
    {
        foreach (ModelCall call in Live.Where(call => call.Client == client.Index))
        {
            call.WasClosed = true;
        }

        _ = client.Channel.DisposeAsync().AsTask();
    }

    /// <summary>Mends all that is broken, and waits until nobody feels it any more: a call that is made from here on has no excuse.</summary>
    public async Task CalmAsync()
    {
        if (_isRefusing)
        {
            Refuse(false);
        }

        foreach (ModelClient client in Clients)
        {
            Heal(client);
        }

        await StartServerAsync();
        await AdvanceAsync(90);
        foreach (ModelClient client in Clients)
        {
            client.IsDisturbed = false;
        }
    }

    public async Task AdvanceAsync(int ticks)
    {
        for (int tick = 0; tick < ticks; tick++)
        {
            await Turns.SettleAsync();
            Clock.Advance(Tick);
        }

        await Turns.SettleAsync();
    }

    /// <summary>Lets everything go on to its end, and looks at what is left.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public async Task<string?> EndAsync()
    {
        foreach (ModelCall call in Calls)
        {
            call.Open(100_000);
        }

        await CalmAsync();
        foreach (ModelCall call in Calls.Where(static call => !call.HasEnded))
        {
            if (!await DriveAsync(call.Run))
            {
                return $"{call}: it never ends";
            }
        }

        // One-way calls that were posted last have arrived before the channels close.
        await AdvanceAsync(1);
        Task closing = CloseAllAsync();
        if (!await DriveAsync(closing))
        {
            return "the peers cannot be closed";
        }

        await closing;
        await Turns.SettleAsync();
        return Calls.OrderBy(static call => call.Id).Select(static call => ReferenceModel.Check(call) is { } wrong ? $"{call}: {wrong}" : null)
            .FirstOrDefault(static wrong => wrong is not null) ?? CheckOrder() ?? CheckLeft();
    }

    private string? CheckOrder()
    {
        if (!_isSequential)
        {
            return null;
        }

        foreach (IGrouping<(int Client, int Channel), long> posts in _posts.GroupBy(static post => (post.Client, post.Channel), static post => post.Id))
        {
            long[] calm = [.. posts.Where(id => !Call(id).WasDisturbed && !Call(id).WasClosed)];
            if (!calm.Order().SequenceEqual(calm))
            {
                return $"one-way calls of client {posts.Key.Client} ran in the order {string.Join(' ', calm)}";
            }
        }

        return null;
    }

    private string? CheckLeft()
    {
        if (Volatile.Read(ref _sources) is not 0 and int sources)
        {
            return $"{sources} sources of the callers' were not disposed of";
        }

        foreach (RpcConnection connection in _connections.Keys)
        {
            if (!connection.Completion.IsCompleted)
            {
                return $"a connection of {connection.PeerId.ToShortString()} has not completed";
            }

            if (connection.Objects.Count > 0)
            {
                return $"a connection of {connection.PeerId.ToShortString()} holds {connection.Objects.Count} objects";
            }
        }

        return null;
    }

    private void DisturbAll()
    {
        foreach (ModelClient client in Clients)
        {
            Disturb(client);
        }
    }

    private void Disturb(ModelClient client)
    {
        client.IsDisturbed = true;
        foreach (ModelCall call in _calls.Values.Where(call => call.Client == client.Index && (!call.HasEnded || call.Shape == Shape.Post)))
        {
            call.WasDisturbed = true;
        }
    }

    /// <summary>Moves the clock until a task has ended.</summary>
    private async Task<bool> DriveAsync(Task task)
    {
        for (int tick = 0; tick < MostTicks && !task.IsCompleted; tick++)
        {
            await AdvanceAsync(1);
        }

        return task.IsCompleted;
    }

    private static async Task StopAsync(Router router, PeerEndpoint server)
    {
        await router.ShutdownAsync();
        await server.DisposeAsync();
    }

    private async Task CloseAllAsync()
    {
        foreach (ModelClient client in Clients)
        {
            await client.Channel.DisposeAsync();
            await client.Endpoint.DisposeAsync();
        }

        if (_router is { } router && _server is { } server)
        {
            await StopAsync(router, server);
        }
    }
}
