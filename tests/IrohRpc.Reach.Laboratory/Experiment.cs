using System.Globalization;

namespace IrohRpc.Reach.Laboratory;

/// <summary>One pair of sites: which path the two took, and how long it needed.</summary>
/// <param name="Server">The server's site.</param>
/// <param name="Caller">The caller's.</param>
/// <param name="Neighbourhood">Whether they are behind one NAT; the sites are of no interest then.</param>
internal sealed record Experiment(Site Server, Site Caller, Neighbourhood Neighbourhood = Neighbourhood.None)
{
    /// <summary>
    /// Whether there is a direct path: both have UDP, and each can tell the other, or show it, the port from which its packets come. A NAT that takes another port for
    /// each destination shows it to those only who let everybody in.
    /// </summary>
    public bool MustBeDirect
        => Neighbourhood != Neighbourhood.None ? Neighbourhood != Neighbourhood.SameNat
            : Server != Site.UdpBlocked && Caller != Site.UdpBlocked
            && !(Server == Site.SymmetricNat && LetsInOnlyWhoWasSentTo(Caller))
            && !(Caller == Site.SymmetricNat && LetsInOnlyWhoWasSentTo(Server));

    /// <summary>
    /// The same where one of them is iroh, whom our relay can't tell where it sees it: that goes by certificates of the web's authorities. So either iroh is where everybody
    /// gets to it, or ours lets it in unasked.
    /// </summary>
    public static bool MustBeDirectWithIroh(Site iroh, Site ours)
        => iroh != Site.UdpBlocked && ours != Site.UdpBlocked
            && (!LetsInOnlyWhoWasSentTo(ours) || (iroh != Site.OpenNat && !LetsInOnlyWhoWasSentTo(iroh)));

    private static bool LetsInOnlyWhoWasSentTo(Site site) => site is Site.Nat or Site.SymmetricNat or Site.DoubleNat;

    /// <summary>All pairs of the matrix.</summary>
    public static IEnumerable<Experiment> All
        => (from server in Enum.GetValues<Site>() from caller in Enum.GetValues<Site>() select new Experiment(server, caller))
            .Concat(Enum.GetValues<Neighbourhood>().Where(static neighbourhood => neighbourhood != Neighbourhood.None).Select(Of));

    /// <summary>Two hosts behind one NAT.</summary>
    public static Experiment Of(Neighbourhood neighbourhood) => new(Site.Nat, Site.Nat, neighbourhood);

    /// <summary>Sets the hosts up and lets one call the other.</summary>
    /// <exception cref="LaboratoryException">The machine does not give what is needed.</exception>
    /// <param name="moves">Whether the caller's host gets another address once it calls.</param>
    public async Task<Outcome> RunAsync(bool moves = false)
    {
        string self = Environment.ProcessPath!;
        using var topology = new Topology(Server, Caller, Neighbourhood);
        using var programs = new Programs();
        string url = await programs.Add(topology.StartRelay(self)).LineAsync();
        string ticket = await programs.Add(topology.Server.Start(self, ["serve", url, .. Mapping(Server)])).LineAsync();
        Programs.Running caller = programs.Add(topology.Caller.Start(self, ["call", ticket, url, .. moves ? ["8"] : Array.Empty<string>(), .. Mapping(Caller)]));
        if (await caller.LineAsync() == "calling" && moves)
        {
            topology.MoveCaller();
        }

        return Outcome.Parse(await caller.LineAsync());
    }

    /// <summary>The same where real iroh is one of them.</summary>
    /// <param name="script">The script that drives iroh.</param>
    /// <param name="irohServes">Whether iroh is the server.</param>
    public async Task<Outcome> RunWithIrohAsync(string script, bool irohServes)
    {
        string self = Environment.ProcessPath!;
        using var topology = new Topology(Server, Caller);
        using var programs = new Programs();
        string url = await programs.Add(topology.StartRelay(self)).LineAsync();
        if (irohServes)
        {
            (_, EndpointId id) = await IrohHost.StartAsync(topology.Server, programs, script, url);
            string ticket = new EndpointTicket(new EndpointAddress(id, TransportAddress.Relay(url))).ToString();
            Programs.Running caller = programs.Add(topology.Caller.Start(self, ["call", ticket, url, "4", .. Mapping(Caller)]));
            await caller.LineAsync();
            return Outcome.Parse(await caller.LineAsync());
        }

        var address = EndpointTicket.Parse(await programs.Add(topology.Server.Start(self, ["serve", url, .. Mapping(Server)])).LineAsync()).Address;
        (IrohHost iroh, _) = await IrohHost.StartAsync(topology.Caller, programs, script, url);
        return await iroh.CallAsync(address.Id, url);
    }

    private static string[] Mapping(Site site) => site == Site.MappingNat ? ["--map"] : [];

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
