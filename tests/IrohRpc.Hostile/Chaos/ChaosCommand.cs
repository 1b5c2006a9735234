using System.Diagnostics;
using System.Net;

namespace IrohRpc.Hostile;

/// <summary>
/// Transfers under load on real sockets, while the process that applies them is killed and started again, stopped for a while, and stopped for longer than the idle time-out. Afterwards the
/// books are compared: what was acknowledged was applied, nothing was applied twice, and what is said not to have started was not applied.
/// </summary>
internal static class ChaosCommand
{
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs so many rounds of each fault.</summary>
    /// <returns>How many entries of the books are wrong.</returns>
    public static async Task<int> RunAsync(string transport, int rounds)
    {
        if (OperatingSystem.IsWindows())
        {
            Console.WriteLine("skipped: processes cannot be stopped and continued here");
            return 0;
        }

        using var service = new TransferService(transport, IPAddress.Loopback, IdleTimeout, static (program, arguments) => new ProcessStartInfo(program, arguments));
        EndpointTicket ticket = await service.StartAsync();
        TransferLoad load = await TransferLoad.StartAsync(transport, IdleTimeout, ticket);
        await using (load)
        {
            for (int round = 0; round < rounds; round++)
            {
                await load.Book.NextAsync(500, Patience);
                await service.KillAsync();
                await service.StartAsync();
                await load.Book.NextAsync(500, Patience);
                await service.StopForAsync(IdleTimeout / 2);
                await load.Book.NextAsync(500, Patience);
                await service.StopForAsync(IdleTimeout * 2);
                await load.Book.NextAsync(500, Patience);
            }
        }

        TransferBalance balance = load.Book.Compare(service.ReadApplied);
        Console.WriteLine($"{transport}: {balance}");
        return (int)(balance.Wrong + balance.Open);
    }
}
