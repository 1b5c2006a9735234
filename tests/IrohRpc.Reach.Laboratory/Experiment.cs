using System.Diagnostics;
using System.Globalization;

namespace IrohRpc.Reach.Laboratory;

/// <summary>One pair of sites: which path the two took, and how long it needed.</summary>
internal sealed record Experiment(Site Server, Site Caller)
{
    /// <summary>
    /// Whether there is a direct path: both have UDP, and each can tell the other, or show it, the port from which its packets come. A NAT that takes another port for
    /// each destination shows it to those only who let everybody in.
    /// </summary>
    public bool MustBeDirect
        => Server != Site.UdpBlocked && Caller != Site.UdpBlocked
            && !(Server == Site.SymmetricNat && LetsInOnlyWhoWasSentTo(Caller))
            && !(Caller == Site.SymmetricNat && LetsInOnlyWhoWasSentTo(Server));

    private static bool LetsInOnlyWhoWasSentTo(Site site) => site is Site.Nat or Site.SymmetricNat or Site.DoubleNat;

    /// <summary>All pairs of the matrix.</summary>
    public static IEnumerable<Experiment> All
        => from server in Enum.GetValues<Site>() from caller in Enum.GetValues<Site>() select new Experiment(server, caller);

    /// <summary>Sets the hosts up and lets one call the other.</summary>
    /// <exception cref="LaboratoryException">The machine does not give what is needed.</exception>
    /// <param name="moves">Whether the caller's host gets another address once it calls.</param>
    public async Task<Outcome> RunAsync(bool moves = false)
    {
        string self = Environment.ProcessPath!;
        using var topology = new Topology(Server, Caller);
        using Process relay = topology.StartRelay(self);
        Process? server = null;
        Process? caller = null;
        try
        {
            string url = await LineAsync(relay);
            server = topology.Server.Start(self, "serve", url);
            string ticket = await LineAsync(server);
            caller = topology.Caller.Start(self, moves ? ["call", ticket, url, "8"] : ["call", ticket, url]);
            if (await LineAsync(caller) == "calling" && moves)
            {
                topology.MoveCaller();
            }

            return Outcome.Parse(await LineAsync(caller));
        }
        finally
        {
            End(caller);
            End(server);
            End(relay);
        }
    }

    private static async Task<string> LineAsync(Process process)
        => await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)) ?? throw new InvalidOperationException("A peer has ended early.");

    private static void End(Process? process)
    {
        if (process is not null)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            process.WaitForExit();
        }
    }

    /// <summary>What came of it.</summary>
    /// <param name="IsDirect">Whether the connection was on a direct path in the end.</param>
    /// <param name="FirstCall">Milliseconds from the dial to the first answer.</param>
    /// <param name="DirectAfter">Milliseconds from the dial to the direct path; null where there was none.</param>
    /// <param name="Lost">Calls that were not answered as they should.</param>
    /// <param name="Longest">Milliseconds that the longest call took.</param>
    internal sealed record Outcome(bool IsDirect, int FirstCall, int? DirectAfter, int Lost, int Longest)
    {
        public static Outcome Parse(string line)
        {
            string[] parts = line.Split(' ');
            return new Outcome(
                parts[0] == "direct",
                int.Parse(parts[1], CultureInfo.InvariantCulture),
                parts[2] == "-" ? null : int.Parse(parts[2], CultureInfo.InvariantCulture),
                int.Parse(parts[3], CultureInfo.InvariantCulture),
                int.Parse(parts[4], CultureInfo.InvariantCulture));
        }
    }
}
