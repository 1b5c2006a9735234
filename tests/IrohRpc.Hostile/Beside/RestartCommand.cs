using System.Diagnostics;
using System.Globalization;
using System.Net;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>Kills a service's process without a goodbye, starts it again at once with the same key and port, and measures how long callers are without answers.</summary>
internal static class RestartCommand
{
    /// <summary>Measures, for so many callers, the time from the new process's first breath to the moment when each has had an answer again.</summary>
    public static async Task<int> RunAsync(string transport, int callers, int rounds)
    {
        byte[] key = new byte[32];
        Random.Shared.NextBytes(key);
        (Process service, string ticket, int port) = await StartAsync(transport, key, 0);
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [BesideCommand.Find(transport)], ListenOn = [] });
        IBystander proxy = endpoint.Connect<IBystander>(EndpointTicket.Parse(ticket), new ClientOptions { WaitForReady = TimeSpan.FromMinutes(1) });
        using var stop = new CancellationTokenSource();
        long[] lastAnswer = new long[callers];
        Task[] loops = [.. Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await proxy.EchoAsync("x", stop.Token);
                    Volatile.Write(ref lastAnswer[caller], Stopwatch.GetTimestamp());
                    await Task.Delay(20, stop.Token);
                }
                catch (RpcException exception) when (exception.StatusCode == RpcStatusCode.Unavailable && !exception.IsNotStarted)
                {
                    // It was under way when the process died, and may have run.
                }
                catch (OperationCanceledException)
                {
                }
            }
        }))];
        double worst = 0;
        for (int round = 0; round < rounds; round++)
        {
            await UntilAllAnsweredAsync(lastAnswer, Stopwatch.GetTimestamp(), TimeSpan.FromSeconds(30));
            service.Kill();
            await service.WaitForExitAsync();
            service.Dispose();
            (service, _, _) = await StartAsync(transport, key, port);
            long up = Stopwatch.GetTimestamp();
            bool all = await UntilAllAnsweredAsync(lastAnswer, up, TimeSpan.FromSeconds(60));
            double seconds = Stopwatch.GetElapsedTime(up).TotalSeconds;
            worst = Math.Max(worst, all ? seconds : double.PositiveInfinity);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{transport}: {callers} callers were answered again {seconds:F2} s after the service was up"));
        }

        await stop.CancelAsync();
        await Task.WhenAll(loops);
        service.Kill();
        service.Dispose();
        return worst < 2 ? 0 : 1;
    }

    /// <summary>Is the service, with a key and a port, until it is killed.</summary>
    public static async Task<int> ServeAsync(string transport, string key, int port)
    {
        using var secret = SecretKey.FromBytes(Convert.FromHexString(key));
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions
        {
            SecretKey = secret,
            Transports = [BesideCommand.Find(transport)],
            ListenOn = [new IPEndPoint(IPAddress.Loopback, port)],
        });
        await using Router router = await endpoint.Route().Map<IBystander>(new Bystander(endpoint)).StartAsync();
        Console.WriteLine(endpoint.Ticket);

        // Ends with the process that started it, should that not come to kill it.
        await Task.Run(Console.In.ReadToEnd);
        return 0;
    }

    private static async Task<(Process Service, string Ticket, int Port)> StartAsync(string transport, byte[] key, int port)
    {
        Process service = BesideCommand.Start("serve", transport, Convert.ToHexString(key), port.ToString(CultureInfo.InvariantCulture));
        string ticket = await service.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The service could not be started on {transport}.");
        int bound = EndpointTicket.Parse(ticket).Address.Addresses
            .Select(static address => address.TryGetIPEndPoint(out IPEndPoint? endPoint) ? endPoint!.Port : 0).First(static one => one != 0);
        return (service, ticket, bound);
    }

    private static async Task<bool> UntilAllAnsweredAsync(long[] lastAnswer, long since, TimeSpan patience)
    {
        while (Array.Exists(lastAnswer, answered => Volatile.Read(ref answered) <= since))
        {
            if (Stopwatch.GetElapsedTime(since) > patience)
            {
                return false;
            }

            await Task.Delay(5);
        }

        return true;
    }
}
