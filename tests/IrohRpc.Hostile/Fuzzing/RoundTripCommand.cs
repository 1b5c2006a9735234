using System.Reflection;
using IrohRpc.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>Sends random values of every type to a peer and back, and compares.</summary>
internal static class RoundTripCommand
{
    private const int PerType = 15;

    public static async Task<int> RunAsync(string transportName, int seed)
    {
        CancellationToken cancellationToken = new CancellationTokenSource(TimeSpan.FromMinutes(4)).Token;
        ITransport memory = new MemoryNetwork().Transport;
        PeerEndpointOptions Options() => transportName == "memory"
            ? new PeerEndpointOptions { Transports = [memory] }
            : new PeerEndpointOptions { Transports = [transportName switch { "tls" => new TlsTransport(), "msquic" => new MsQuicTransport(), _ => new QuicTransport() }], ListenOn = [.. ListenAddresses.Loopback()] };
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(Options(), cancellationToken);
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(Options(), cancellationToken);
        await using Router router = await server.Route().Map<IHostile>(new Echo()).StartAsync(cancellationToken);
        IHostile service = client.Connect<IHostile>(server.Ticket);
        var bytes = new ShapeBytes(new Random(seed));
        int sent = 0;
        int wrong = 0;
        foreach (Target target in Target.All.Where(target => target.Name is not ("SecretAsync" or "TemperatureAsync")))
        {
            MethodInfo method = typeof(IHostile).GetMethod(target.Name)!;
            for (int i = 0; i < PerType; i++)
            {
                object? value;
                try
                {
                    value = target.Read(bytes.Write(target.Part), PayloadLimits.Default);
                }
                catch (Exception exception) when (exception is ArgumentException or UriFormatException or InvalidDataException)
                {
                    // Keys that occur twice, texts that are no address.
                    continue;
                }

                byte[] before = target.Write(value);
                object valueTask = method.Invoke(service, [value, cancellationToken])!;
                var task = (Task)valueTask.GetType().GetMethod("AsTask")!.Invoke(valueTask, null)!;
                await task;
                object? result = task.GetType().GetProperty("Result")!.GetValue(task);
                byte[] after = target.Write(result);
                sent++;

                // Of a struct's padding nothing is promised.
                if (!(target.Name == "PairAsync" && Equals(value, result)) && !before.AsSpan().SequenceEqual(after) && !(HasNoOrder(target.Name) && before.Order().SequenceEqual(after.Order())))
                {
                    wrong++;
                    Console.Error.WriteLine($"{target.Name}: {Convert.ToHexString(before)} came back as {Convert.ToHexString(after)}");
                }
            }
        }

        Console.WriteLine($"{sent} random values of {Target.All.Count} types over {transportName}, {wrong} came back as others; seed {seed}");
        return wrong == 0 ? 0 : 1;
    }

    private static bool HasNoOrder(string name)
        => name.Contains("Frozen", StringComparison.Ordinal) || name.Contains("Concurrent", StringComparison.Ordinal)
            || name.Contains("Immutable", StringComparison.Ordinal) || name.Contains("Priority", StringComparison.Ordinal);
}
