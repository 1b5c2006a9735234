using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace IrohRpc.Hostile;

/// <summary>
/// Transfers under load on real sockets, while the process that applies them is killed and started again, stopped for a while, and stopped for longer than the idle time-out. Afterwards the
/// books are compared: what was acknowledged was applied, nothing was applied twice, and what is said not to have started was not applied.
/// </summary>
internal static class ChaosCommand
{
    private const int Callers = 16;

    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Runs so many rounds of each fault.</summary>
    /// <returns>How many entries of the books are wrong.</returns>
    public static async Task<int> RunAsync(string transport, int rounds)
    {
        if (OperatingSystem.IsWindows())
        {
            Console.WriteLine("skipped: processes cannot be stopped and continued here");
            return 0;
        }

        string file = Path.GetTempFileName();
        string key = Convert.ToHexString(Guid.NewGuid().ToByteArray()) + Convert.ToHexString(Guid.NewGuid().ToByteArray());
        (Process service, EndpointTicket ticket, int port) = await StartAsync(transport, key, 0, file);
        var book = new Book();
        await using (PeerEndpoint endpoint = await PeerEndpoint.BindAsync(Options(transport)))
        {
            ITransferLedger ledger = endpoint.Connect<ITransferLedger>(ticket, new ClientOptions { WaitForReady = TimeSpan.FromSeconds(20) });
            using var stop = new CancellationTokenSource();
            Task work = Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(() => TransferAsync(ledger, book, stop.Token))));
            for (int round = 0; round < rounds; round++)
            {
                await book.NextAsync(500);
                service.Kill();
                await service.WaitForExitAsync();
                service.Dispose();
                (service, _, _) = await StartAsync(transport, key, port, file);
                await book.NextAsync(500);
                await StopForAsync(service, IdleTimeout / 2);
                await book.NextAsync(500);
                await StopForAsync(service, IdleTimeout * 2);
                await book.NextAsync(500);
            }

            await stop.CancelAsync();
            await work;
        }

        service.Kill();
        await service.WaitForExitAsync();
        service.Dispose();
        int wrong = book.Compare(File.ReadAllLines(file), transport);
        File.Delete(file);
        return wrong;
    }

    /// <summary>Is the service, until it is killed.</summary>
    public static async Task<int> ServeAsync(string transport, string key, int port, string file)
    {
        using var secret = SecretKey.FromBytes(Convert.FromHexString(key));
        PeerEndpointOptions options = Options(transport);
        options.SecretKey = secret;
        options.ListenOn = [new IPEndPoint(IPAddress.Loopback, port)];
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options);
        using var ledger = new TransferLedger(file);
        await using Router router = await endpoint.Route().Map<ITransferLedger>(ledger).StartAsync();
        Console.WriteLine(endpoint.Ticket);
        await Task.Run(Console.In.ReadToEnd);
        return 0;
    }

    private static PeerEndpointOptions Options(string transport) => new()
    {
        Transports = [BesideCommand.Find(transport)],
        ListenOn = [],
        IdleTimeout = IdleTimeout,
        KeepAliveInterval = IdleTimeout / 4,
    };

    private static async Task TransferAsync(ITransferLedger ledger, Book book, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            long transfer = book.Begin();
            try
            {
                book.End(transfer, await ledger.ApplyAsync(transfer, CancellationToken.None) == transfer ? Outcome.Acknowledged : Outcome.Crossed);
            }
            catch (RpcException exception)
            {
                book.End(transfer, exception.IsNotStarted ? Outcome.NotStarted : Outcome.Unknown);
                await Task.Delay(10, CancellationToken.None);
            }
        }
    }

    private static async Task StopForAsync(Process service, TimeSpan time)
    {
        await SignalAsync(service, "STOP");
        await Task.Delay(time);
        await SignalAsync(service, "CONT");
    }

    private static async Task SignalAsync(Process service, string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", service.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static async Task<(Process Service, EndpointTicket Ticket, int Port)> StartAsync(string transport, string key, int port, string file)
    {
        Process service = BesideCommand.Start("ledger", transport, key, port.ToString(CultureInfo.InvariantCulture), file);
        var ticket = EndpointTicket.Parse(await service.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The service could not be started on {transport}."));
        int bound = ticket.Address.Addresses.Select(static address => address.TryGetIPEndPoint(out IPEndPoint? at) ? at!.Port : 0).First(static one => one != 0);
        return (service, ticket, bound);
    }

    private enum Outcome
    {
        Acknowledged,
        NotStarted,
        Unknown,
        Crossed,
    }

    private sealed class Book
    {
        private readonly ConcurrentDictionary<long, Outcome> _ends = new();
        private long _last;
        private long _acknowledged;

        public long Begin() => Interlocked.Increment(ref _last);

        public void End(long transfer, Outcome outcome)
        {
            _ends[transfer] = outcome;
            if (outcome == Outcome.Acknowledged)
            {
                Interlocked.Increment(ref _acknowledged);
            }
        }

        /// <summary>Waits until so many more transfers were acknowledged.</summary>
        public async Task NextAsync(int count)
        {
            long goal = Interlocked.Read(ref _acknowledged) + count;
            var watch = Stopwatch.StartNew();
            while (Interlocked.Read(ref _acknowledged) < goal)
            {
                if (watch.Elapsed > TimeSpan.FromSeconds(60))
                {
                    throw new TimeoutException("Callers are not answered again.");
                }

                await Task.Delay(5);
            }
        }

        public int Compare(string[] lines, string transport)
        {
            // The last line may have been cut off where the process was killed, and then was not acknowledged.
            Dictionary<long, int> applied = lines.Select(static line => long.TryParse(line, CultureInfo.InvariantCulture, out long number) ? number : -1)
                .GroupBy(static number => number).ToDictionary(static group => group.Key, static group => group.Count());
            int lost = _ends.Count(pair => pair.Value == Outcome.Acknowledged && !applied.ContainsKey(pair.Key));
            int twice = applied.Count(static pair => pair.Key >= 0 && pair.Value > 1);
            int said = _ends.Count(pair => pair.Value == Outcome.NotStarted && applied.ContainsKey(pair.Key));
            int crossed = _ends.Count(static pair => pair.Value == Outcome.Crossed);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{transport}: {_ends.Count} transfers, {_acknowledged} acknowledged, {_ends.Count(static pair => pair.Value == Outcome.Unknown)} may have run, {_ends.Count(static pair => pair.Value == Outcome.NotStarted)} not started; {lost} lost, {twice} applied twice, {said} applied though not started, {crossed} answered with another's"));
            return lost + twice + said + crossed;
        }
    }
}
