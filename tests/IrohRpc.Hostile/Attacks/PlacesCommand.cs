using System.Reflection;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>Sends malformed payloads of every type to every place where a payload stands, from a caller to a service and back.</summary>
internal sealed class PlacesCommand(Random random)
{
    private const int PerType = 12;

    // Larger ones do not go on a lane.
    private const int Largest = 16_000;

    private readonly MethodDescriptor[] _values = [.. ContractDescriptors.Of<IHostile>().Methods];
    private readonly MethodDescriptor[] _places = [.. ContractDescriptors.Of<IPlaces>().Methods];
    private int _sent;
    private int _wrong;

    public static async Task<int> RunAsync(int seed)
    {
        var command = new PlacesCommand(new Random(seed));
        await command.AttackAsync(new CancellationTokenSource(TimeSpan.FromMinutes(5)).Token);
        Console.WriteLine($"{command._sent} malformed payloads in 7 places, {command._wrong} of them not refused as they should; seed {seed}");
        return command._wrong == 0 ? 0 : 1;
    }

    private async Task AttackAsync(CancellationToken cancellationToken)
    {
        ITransport transport = new MemoryNetwork().Transport;
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] }, cancellationToken);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport], ListenOn = [] }, cancellationToken);
        var evil = new HostileService();
        await using PeerEndpoint evilServer = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [transport] }, cancellationToken);
        await using Router evilRouter = await evilServer.Route().Map("hostile/1", evil).Map("places/1", evil).StartAsync(cancellationToken);
        await using Router router = await server.Route().Map<IHostile>(new Echo()).Map<IPlaces>(new EchoItems()).StartAsync(cancellationToken);
        IHostile honest = client.Connect<IHostile>(server.Ticket);
        IHostile deceived = client.Connect<IHostile>(evilServer.Ticket);
        IPlaces deceivedPlaces = client.Connect<IPlaces>(evilServer.Ticket);
        await using PeerConnection values = await client.DialAsync(server.Ticket.Address, "hostile/1", cancellationToken);
        await using PeerConnection places = await client.DialAsync(server.Ticket.Address, "places/1", cancellationToken);
        await using PeerStream lane = await values.OpenBidirectionalStreamAsync(cancellationToken);
        await lane.WriteAsync(RawFrames.Preface(RawFrames.Lane), cancellationToken);
        var answers = new FrameStream(lane);
        foreach (Target target in Target.All)
        {
            MethodDescriptor value = _values.Single(method => method.Name == target.Name);
            MethodDescriptor place = _places.Single(method => method.Name == target.Name);
            foreach (byte[] payload in Malformed(target))
            {
                _sent++;
                await lane.WriteAsync(RawFrames.Request(_sent, value, payload), cancellationToken);
                Expect(target, payload, "argument on a lane", await answers.ReadAsync(cancellationToken) is { Type: 3 } refusal && SaysInvalidArgument(refusal.Body, value));
                Expect(target, payload, "argument on a stream", SaysInvalidArgument((await OnStreamAsync(values, RawFrames.Request(0, value, payload), cancellationToken)).Body, value));
                (byte type, byte[] end) = await OnStreamAsync(
                    places, [.. RawFrames.Request(0, place, []), .. RawFrames.Item(payload), .. RawFrames.End()], cancellationToken);
                Expect(target, payload, "item to a service", type == 8 && end[0] == (byte)RpcStatusCode.InvalidArgument);

                evil.Answer = call => RawFrames.Response(call, payload);
                Expect(target, payload, "result", await FailureOfAsync(() => Call(deceived, target, cancellationToken)) is { StatusCode: RpcStatusCode.Internal } result && result is not RpcFaultException);
                evil.Answer = call => [.. RawFrames.Response(call, []), .. RawFrames.Item(payload), .. RawFrames.End()];
                Expect(target, payload, "item to a caller", await FailureOfAsync(() => Enumerate(deceivedPlaces, target, cancellationToken)) is { StatusCode: RpcStatusCode.Internal });
                evil.Answer = call => [.. RawFrames.Response(call, []), .. RawFrames.Progress(1, payload), .. RawFrames.End()];
                Expect(target, payload, "report", await FailureOfAsync(() => Enumerate(deceivedPlaces, target, cancellationToken)) is { StatusCode: RpcStatusCode.Internal });
                evil.Answer = call => [.. RawFrames.Response(call, []), .. RawFrames.Fault((int)RpcStatusCode.Aborted, "as planned", place.Faults[0].SignatureId, payload)];
                Expect(
                    target,
                    payload,
                    "fault",
                    await FailureOfAsync(() => Enumerate(deceivedPlaces, target, cancellationToken)) is { StatusCode: RpcStatusCode.Aborted, Message: "as planned" } fault && fault is not RpcFaultException);
            }

            // Nothing else is harmed: an honest call goes through on another connection of the same service.
            await honest.IntAsync(1, cancellationToken);
        }
    }

    private List<byte[]> Malformed(Target target)
    {
        var bytes = new ShapeBytes(random);
        var malformed = new List<byte[]>();
        malformed.AddRange(KnownPayloads.All.Where(known => known.Method == target.Name).Select(known => known.Payload));
        for (int i = 0; i < 40 * PerType && malformed.Count < PerType; i++)
        {
            byte[] payload = Mutation.Of(bytes.Write(target.Part), bytes.Write(target.Part), random);
            if (payload.Length > Largest)
            {
                continue;
            }

            try
            {
                target.Read(payload, PayloadLimits.Default);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                malformed.Add(payload);
            }
        }

        return malformed;
    }

    private static bool SaysInvalidArgument(byte[] failure, MethodDescriptor method)
        => failure.AsSpan().IndexOf((byte)RpcStatusCode.InvalidArgument) >= 0
            && System.Text.Encoding.UTF8.GetString(failure).Contains($"IHostile.{method.Name}: ", StringComparison.Ordinal);

    private static async Task<(byte Type, byte[] Body)> OnStreamAsync(PeerConnection connection, byte[] frames, CancellationToken cancellationToken)
    {
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(cancellationToken);
        await stream.WriteAsync((byte[])[.. RawFrames.Preface(RawFrames.Call), .. frames], completeWrites: true, cancellationToken);
        var answer = new FrameStream(stream);
        (byte Type, byte[] Body) last = (255, []);
        while (await answer.ReadAsync(cancellationToken) is { Type: not 255 } frame)
        {
            last = frame;
        }

        return last;
    }

    private static Task Call(IHostile service, Target target, CancellationToken cancellationToken)
    {
        MethodInfo method = typeof(IHostile).GetMethod(target.Name)!;
        return AsTask(method.Invoke(service, [Default(method.GetParameters()[0].ParameterType), cancellationToken])!);
    }

    private static Task AsTask(object valueTask) => (Task)valueTask.GetType().GetMethod("AsTask")!.Invoke(valueTask, null)!;

    private static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private static Task Enumerate(IPlaces service, Target target, CancellationToken cancellationToken)
    {
        MethodInfo method = typeof(IPlaces).GetMethod(target.Name)!;
        Type item = method.ReturnType.GetGenericArguments()[0];
        return (Task)typeof(PlacesCommand).GetMethod(nameof(EnumerateAsync), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(item).Invoke(null, [service, method, cancellationToken])!;
    }

    private static async Task EnumerateAsync<T>(IPlaces service, MethodInfo method, CancellationToken cancellationToken)
    {
        var items = (IAsyncEnumerable<T>)method.Invoke(service, [Nothing<T>(), new Progress<T>(), cancellationToken])!;
        await foreach (T _ in items.WithCancellation(cancellationToken))
        {
        }
    }

    private static async IAsyncEnumerable<T> Nothing<T>()
    {
        await Task.CompletedTask;
        yield break;
    }

    private static async Task<RpcException?> FailureOfAsync(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (RpcException exception)
        {
            return exception;
        }
    }

    private void Expect(Target target, byte[] payload, string place, bool isRight)
    {
        if (!isRight)
        {
            _wrong++;
            Console.Error.WriteLine($"{target.Name} as {place}: {Convert.ToHexString(payload)}");
        }
    }
}
