using System.Globalization;

namespace IrohRpc.Model;

/// <summary>One random schedule: all that it does follows from its seed.</summary>
/// <param name="seed">The seed.</param>
/// <param name="trace">Takes each step in words; null for nobody.</param>
internal sealed class Schedule(int seed, Action<string>? trace)
{
    private readonly Random _random = new(seed);
    private TimeSpan _waitForReady;
    private long _nextId = 1;

    /// <summary>How many calls it has made.</summary>
    public long Calls => _nextId - 1;

    /// <summary>Runs it.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public async Task<string?> RunAsync()
    {
        var world = new World(seed, isSequential: Chance(0.2));
        _waitForReady = Chance(0.3) ? TimeSpan.FromSeconds(_random.Next(1, 30)) : TimeSpan.Zero;

        // Half of the schedules break nothing: there the outcome of every call is known exactly.
        bool isRough = Chance(0.5);
        int steps = _random.Next(5, 60);
        await world.StartAsync(clients: _random.Next(1, 3), _waitForReady);
        for (int step = 0; step < steps; step++)
        {
            await StepAsync(world, isRough);
            if (Chance(0.6))
            {
                await Turns.PassAsync(_random.Next(0, 12));
            }
            else
            {
                await Turns.SettleAsync();
            }
        }

        string? wrong = await world.EndAsync();
        foreach (ModelCall call in world.Calls)
        {
            trace?.Invoke(call.ToString());
            call.Dispose();
        }

        return wrong;
    }

    private async Task StepAsync(World world, bool isRough)
    {
        ModelClient client = world.Clients[_random.Next(world.Clients.Count)];
        switch (_random.Next(isRough ? 100 : 75))
        {
            case < 42:
                Make(world, client);
                break;
            case < 60:
                if (Pick(world) is { } waiting)
                {
                    Say($"call {waiting.Id} may go on");
                    waiting.Open(_random.Next(1, 4));
                }

                break;
            case < 68:
                if (Pick(world) is { } cancelled)
                {
                    Say($"call {cancelled.Id} is cancelled");
                    cancelled.WasCancelled = true;
                    await cancelled.Cancellation.CancelAsync();
                }

                break;
            case < 75:
                int ticks = _random.Next(1, 20);
                Say($"{ticks} seconds pass");
                await world.AdvanceAsync(ticks);
                break;
            case < 80:
                Say($"client {client.Index} loses its connections");
                world.Lose(client);
                break;
            case < 84:
                Say($"client {client.Index} is cut off");
                world.Partition(client);
                break;
            case < 88:
                Say($"client {client.Index} is cut off no more");
                world.Heal(client);
                break;
            case < 90:
                bool refuse = Chance(0.5);
                Say(refuse ? "dials are refused" : "dials are let through");
                world.Refuse(refuse);
                break;
            case < 93:
                bool kill = Chance(0.5);
                Say(kill ? "the server is killed" : "the server shuts down");
                world.StopServer(kill);
                break;
            case < 95:
                Say("the server starts");
                await world.StartServerAsync();
                break;
            case < 97:
                Say($"client {client.Index} closes its channel and makes another");
                world.Close(client);
                world.Connect(client, _waitForReady);
                break;
            default:
                Say("all is mended");
                await world.CalmAsync();
                break;
        }
    }

    private void Make(World world, ModelClient client)
    {
        var shape = (Shape)_random.Next((int)Shape.Open + 1);
        Script script = _random.Next(10) switch
        {
            < 4 => Script.Answer,
            < 7 => Script.Wait,
            < 8 => Script.Stubborn,
            < 9 => Script.Fail,
            _ => Script.Throw,
        };
        int items = Chance(0.1) ? _random.Next(50, 200) : _random.Next(0, 6);
        TimeSpan? timeout = Chance(0.25) ? TimeSpan.FromMilliseconds(_random.Next(1, 20_000)) : null;
        var call = new ModelCall(_nextId++, client.Index, shape, shape == Shape.Post ? Script.Answer : script, items)
        {
            Channel = client.Channels,
            Timeout = timeout,
            Deadline = world.Clock.GetUtcNow() + timeout,
            WasDisturbed = client.IsDisturbed,
            LeavesAfter = shape is Shape.List or Shape.Echo && Chance(0.2) ? _random.Next(1, 4) : null,
        };
        Say($"{call}");
        world.Add(call);
        call.Run = new Caller(world, client.Proxy, call).RunAsync();
    }

    private ModelCall? Pick(World world)
    {
        ModelCall[] live = [.. world.Live];
        return live.Length == 0 ? null : live[_random.Next(live.Length)];
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private void Say(FormattableString what) => trace?.Invoke(what.ToString(CultureInfo.InvariantCulture));

    private void Say(string what) => trace?.Invoke(what);
}
